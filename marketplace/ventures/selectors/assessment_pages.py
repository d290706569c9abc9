"""What the pages of an assessment show: its line of steps, the defence day as it runs, a reviewer's own work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.web.templatetags.web import short_day, short_moment

from ..models import (
    Application,
    ApplicationReview,
    Assessment,
    AssessmentStatus as S,
    DefenceScore,
    DefenceSlot,
    PanelMember,
)
from ..rules.defence import current
from .assessment import conflicts_of, seated

ORDER = (S.PREPARING, S.SCORING, S.DEFENCE, S.DELIBERATION, S.PROPOSED, S.DISPLAYED, S.CONFIRMED)


def steps_of(row: Assessment) -> list[dict[str, Any]]:
    """The stages as a line; without a defence its stage is left out."""
    stages = [stage for stage in ORDER if stage != S.DEFENCE or row.defence_share]
    now_at = stages.index(S(row.status))
    notes = {
        S.SCORING: _("until %(day)s") % {"day": short_moment(row.scoring_until)} if row.scoring_until else "",
        S.DISPLAYED: _("until %(day)s") % {"day": short_day(row.display_until)} if row.display_until else "",
    }
    return [
        {
            "label": stage.label,
            "note": notes.get(stage, ""),
            "state": "done" if place < now_at or row.status == S.CONFIRMED else "now" if place == now_at else "",
        }
        for place, stage in enumerate(stages)
    ]


def live_of(row: Assessment) -> dict[str, Any]:
    """The day, its slots with how many points are in, which one is on, and until when its time runs."""
    day = row.defence
    slots = list(day.slots.select_related("application__body").annotate(given=Count("scores")))
    on = current([bool(slot.began_at) for slot in slots], [bool(slot.ended_at) for slot in slots])
    slot = slots[on] if on is not None else None
    wanted = {member.pk for member in seated(row)}
    ties = conflicts_of(row)
    for each in slots:
        each.wanted = len(wanted - ties.get(each.application_id, set()))  # type: ignore[attr-defined]
    return {"day": day, "slots": slots, "slot": slot, "time_until": time_until(slot), "now": clock.now()}


def time_until(slot: DefenceSlot | None) -> datetime | None:
    """When the time of the running slot ends."""
    if slot is None or slot.began_at is None or slot.ended_at is not None:
        return None
    return slot.began_at + timedelta(minutes=slot.day.minutes)


def own_reviews(member: PanelMember) -> list[ApplicationReview]:
    """A member's reviews: open ones first; names only of what is handed in while the scoring is blind."""
    rows = member.reviews.standing().select_related("application__body").annotate(done=Count("scores"))
    return sorted(rows, key=lambda row: (row.submitted_at is not None, row.pk))


def next_review(review: ApplicationReview) -> ApplicationReview | None:
    """The member's next one that is not handed in, after this one, then from the beginning."""
    rows = list(review.member.reviews.standing().filter(submitted_at=None).exclude(pk=review.pk).order_by("pk"))
    return next((row for row in rows if row.pk > review.pk), rows[0] if rows else None)


def own_score(member: PanelMember, slot: DefenceSlot | None) -> DefenceScore | None:
    return DefenceScore.objects.filter(slot=slot, member=member).first() if slot else None


def reviews_for_applicant(application: Application) -> list[dict[str, Any]]:
    """Totals and reasons without names, in an order that says nothing about the members."""
    rows = ApplicationReview.objects.handed_in().filter(application=application)
    return [
        {"number": number, "comment": row.comment, "total": (row.hundredths or 0) / 100}
        for number, row in enumerate(sorted(rows, key=lambda row: (-(row.hundredths or 0), row.comment)), start=1)
    ]
