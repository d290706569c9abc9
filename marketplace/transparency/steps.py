"""The line of steps of a project: from the intention to the evaluation, each with its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, pgettext

from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.web.templatetags.web import short_day


def project_steps(notices: Sequence[NoticeSnapshot], parts: Sequence[Any]) -> list[dict[str, Any]]:
    """Steps done with their day; the first that is not done is the present one."""
    first = {str(notice.kind): notice.published_at for notice in reversed(notices)}
    reached: list[tuple[Any, datetime | None]] = [
        (pgettext("step", "Notice"), first.get(NoticeKind.TENDER)),
        (pgettext("step", "Result"), first.get(NoticeKind.RESULT)),
        (pgettext("step", "Contract"), newest([part.contract and part.contract.signed_at for part in parts])),
        (pgettext("step", "Performance"), newest([last_acceptance(part) for part in parts])),
        (pgettext("step", "Payment"), newest([last_payment(part) for part in parts])),
        (pgettext("step", "Evaluation"), newest([part.evaluation and part.evaluation.final_at for part in parts])),
    ]
    if NoticeKind.INTENTION in first:
        reached.insert(0, (pgettext("step", "Intention"), first[NoticeKind.INTENTION]))
    return mark(reached)


def mark(reached: list[tuple[Any, datetime | None]]) -> list[dict[str, Any]]:
    steps = []
    present = True
    for label, at in reached:
        state = "done" if at else ("now" if present else "")
        present = present and bool(at)
        note = short_day(at) if at else ""
        steps.append({"label": label, "state": state, "note": note or (_("under way") if state == "now" else "")})
    return steps


def newest(moments: Sequence[datetime | None]) -> datetime | None:
    """The latest, when every lot has come so far."""
    return max(moment for moment in moments if moment) if moments and all(moments) else None


def last_acceptance(part: Any) -> datetime | None:
    return newest([milestone.accepted_at for milestone in part.milestones])


def last_payment(part: Any) -> datetime | None:
    return newest([milestone.paid[0].paid_at if milestone.paid else None for milestone in part.milestones])
