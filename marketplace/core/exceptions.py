"""Named errors that every room raises and `web` turns into a form error, a message or a 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .decisions import Decision


class MarketplaceError(Exception):
    """Something asked for that cannot be done. `message` is shown to the person; nothing has changed."""

    code = "error"

    def __init__(self, message: object, *, field: str | None = None, rule_id: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.rule_id = rule_id
        self.code = code or self.code

    def __str__(self) -> str:
        return str(self.message)


class Refused(MarketplaceError):
    """A rule forbids it. Carries the decision, so that pages can quote the article and the next lawful date."""

    code = "refused"

    def __init__(self, decision: Decision, *, field: str | None = None) -> None:
        super().__init__(decision.reason, field=field or decision.field or None, rule_id=decision.rule_id)
        self.decision = decision


class NotAllowed(MarketplaceError):
    """This person may not do it (answered as 403, or 404 where even the object is none of their business)."""

    code = "not_allowed"


class NotFound(MarketplaceError):
    """A stranger's object: answered as 404."""

    code = "not_found"


class StaleVersion(MarketplaceError):
    """Somebody else saved meanwhile. `current` is the stored object, so that the page can show both texts."""

    code = "stale"

    def __init__(self, message: object, *, current: object) -> None:
        super().__init__(message)
        self.current = current


class CalendarMissing(MarketplaceError):
    """No working calendar for that year: a procedural deadline is refused, never guessed (R-TIME-08)."""

    code = "calendar_missing"

    def __init__(self, year: int, *, field: str | None = None) -> None:
        super().__init__(
            _(
                "The working calendar of %(year)d has not been entered yet, so this deadline cannot be computed. "
                "Choose an earlier date, or ask the operator to enter the calendar of that year."
            )
            % {"year": year},
            field=field,
            rule_id="R-TIME-08",
        )
        self.year = year
