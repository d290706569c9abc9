"""What may be recorded about a notice on a designated medium (R-PUB-01).

Sources: Government Procurement Law 11, its Regulation 8, Order 87 article 16. Example: a notice of 15 June stands on
the medium since 16 June, 8:00: recorded from then on, not before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import day_of


def designated(medium: str, media: Collection[str]) -> Decision:
    if medium in media:
        return allow("R-PUB-01")
    return refuse(
        _("Choose a medium that the finance department designated: %(media)s.") % {"media": _(", ").join(media)},
        "R-PUB-01",
        field="medium",
    )


def believable(published_at: datetime, noticed_at: datetime, now: datetime) -> Decision:
    """Not in the future; and not before the day of the notice here, which gave it its number and its text."""
    if published_at > now:
        return refuse(
            _("This moment has not come yet. Record the notice when it stands there."),
            "R-TIME-07",
            due=now,
            field="published_at",
        )
    if day_of(published_at) < day_of(noticed_at):
        return refuse(
            _("The notice was published here on %(day)s; the same text cannot have stood there before.")
            % {"day": day_of(noticed_at)},
            "R-PUB-01",
            due=day_of(noticed_at),
            field="published_at",
        )
    return allow("R-PUB-01")
