"""The defence day: list and order by lot, each slot's beginning and end, points as they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..events import DefenceDrawn
from ..lifecycle import ASSESSMENT
from ..models import Assessment, AssessmentStatus, DefenceDay, DefenceScore, DefenceSlot, PanelMember
from ..permissions.assessment import can_run_assessment, can_sit
from ..rules import defence as rules, panel as panel_rules
from ..rules.assignment import drawn
from ..rules.ranking import shortlist
from ..selectors.assessment import conflicts_of
from ..selectors.ranking import ranking_of
from .assessment import all_scored, drawn_seed, is_in


@dataclass(frozen=True)
class DayInput:
    """Who comes (the `best` so many, or from `least` points on, with the reason), when and where."""

    starts_at: datetime
    reason: str
    best: int | None = None
    least: Decimal | None = None
    minutes: int = 15
    pause: int = 5
    break_after: int = 0
    break_minutes: int = 0
    place: str = ""
    link: str = ""


def draw_defence(*, actor: Actor, assessment_id: int, day: DayInput) -> DefenceDay:
    """Fixes the list and draws its order: sorted by SHA-256(seed LF application), seed from the newest head of the log.

    Refuses while reviews are open. Applicants are told their slot.
    """
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        ASSESSMENT.apply(row, "defend", actor=actor)
        require(all_scored(row), rules.one_shortlist(day.best, day.least), _counts(row))
        if not day.reason.strip():
            raise MarketplaceError(_("Write how the list came about."), field="reason", rule_id="R-VENT-01")
        keys = [line.key for line in shortlist(ranking_of(row), best=day.best, least=day.least)]  # type: ignore[arg-type]
        schedule = rules.Schedule(day.starts_at, day.minutes, day.pause, day.break_after, day.break_minutes)
        require(*rules.day_holds(schedule, len(keys), clock.now(), day.place, day.link))
        head, seed = drawn_seed(row.call.number, "defence")
        found = _write(actor, row, day, head, seed)
        for position, (key, moment) in enumerate(
            zip(drawn(keys, seed), rules.slot_times(schedule, len(keys)), strict=True), start=1
        ):
            DefenceSlot.objects.create(day=found, application_id=key, position=position, starts_at=moment)
        log.record(
            "assessment.defence_drawn",
            row,
            actor,
            project=row.call.number,
            head=head,
            seed=seed,
            applications=sorted(map(str, keys)),
            reason=found.shortlist_reason,
        )
        announce(DefenceDrawn(found.pk))
    return found


def _counts(row: Assessment) -> Decision:
    if row.defence_share:
        return ALLOWED
    return refuse(_("The settings say that the defence counts 0 %. A defence without weight is not held."), "R-VENT-01")


def _write(actor: Actor, row: Assessment, day: DayInput, head: str, seed: str) -> DefenceDay:
    return DefenceDay.objects.create(
        assessment=row,
        starts_at=day.starts_at,
        minutes=day.minutes,
        pause=day.pause,
        break_after=day.break_after,
        break_minutes=day.break_minutes,
        place=day.place.strip(),
        link=day.link.strip(),
        shortlist_reason=day.reason.strip()[:300],
        head_root=head,
        seed=seed,
        drawn_by_id=actor.user_id,
        drawn_at=clock.now(),
    )


def _slot(actor: Actor, slot_id: int) -> DefenceSlot:
    slot = locked(DefenceSlot, slot_id, "day__assessment__call", "application")
    require_permission(can_run_assessment(actor, slot.day.assessment))
    require(is_in(slot.day.assessment, AssessmentStatus.DEFENCE))
    return slot


def begin_slot(*, actor: Actor, slot_id: int) -> DefenceSlot:
    """The clock of this defence runs. One at a time; begun twice changes nothing."""
    with transaction() as log:
        slot = _slot(actor, slot_id)
        if slot.began_at is not None:
            return slot
        running = slot.day.slots.exclude(began_at=None).filter(ended_at=None).first()
        if running is not None:
            raise MarketplaceError(
                _("«%(title)s» is still on. End it first.") % {"title": running.application.title}, rule_id="R-VENT-01"
            )
        slot.began_at = clock.now()
        slot.save(update_fields=["began_at"])
        log.record("defence.begun", slot, actor, project=slot.day.assessment.call.number, position=slot.position)
    return slot


def end_slot(*, actor: Actor, slot_id: int, is_absent: bool = False) -> DefenceSlot:
    """The defence is over, or nobody came. Points may be given until the deliberation begins."""
    with transaction() as log:
        slot = _slot(actor, slot_id)
        if slot.ended_at is not None:
            return slot
        if slot.began_at is None and not is_absent:
            raise MarketplaceError(_("It has not begun. Begin it, or note that nobody came."), rule_id="R-VENT-01")
        slot.ended_at, slot.is_absent = clock.now(), is_absent
        slot.save(update_fields=["ended_at", "is_absent"])
        log.record("defence.ended", slot, actor, project=slot.day.assessment.call.number, absent=is_absent)
    return slot


def score_defence(*, actor: Actor, slot_id: int, points: Decimal, note: str = "") -> DefenceScore:
    """A member's points for a defence that has begun; the last ones count. Conflicts are refused (R-COMM-09)."""
    with transaction() as log:
        slot = locked(DefenceSlot, slot_id, "day__assessment__call", "application")
        assessment = slot.day.assessment
        member = PanelMember.objects.filter(assessment=assessment, user_id=actor.user_id).select_related("user").first()
        if member is None:
            raise MarketplaceError(_("You have no seat in this panel."), code="not_allowed")
        require_permission(can_sit(actor, member))
        in_conflict = member.pk in conflicts_of(assessment).get(slot.application_id, set())
        require(
            is_in(assessment, AssessmentStatus.DEFENCE),
            panel_rules.may_review(in_conflict, str(member), slot.application.title, "points"),
            _has_begun(slot),
            rules.points_hold(points),
        )
        score, _is_new = DefenceScore.objects.update_or_create(
            slot=slot,
            member=member,
            defaults={"points": points, "note": note.strip()[:300], "given_at": clock.now()},
        )
        log.record("defence.scored", slot, actor, project=assessment.call.number)
    return score


def _has_begun(slot: DefenceSlot) -> Decision:
    if slot.is_absent:
        return refuse(_("Nobody came to this defence; it has no points."), "R-VENT-12")
    if slot.began_at is None:
        return refuse(_("This defence has not begun."), "R-VENT-12")
    return ALLOWED
