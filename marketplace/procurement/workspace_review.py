"""The review's areas of the workspace, and what is due there for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.workcalendar import calendar
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import (
    Award,
    AwardStatus,
    CommitteeMember,
    Letter,
    Lot,
    LotStatus,
    MemberStatus,
    Objection,
    ObjectionStatus,
    PriceQuery,
)
from .permissions.review import SUPPLIER_ROLES, can_manage_experts, can_object
from .rules.award import decision_due
from .selectors.objections import objections_for
from .selectors.review import lots_for, values_of

BUYING = (BodyKind.GOVERNMENT, BodyKind.AGENCY)
TO_RUN = (LotStatus.OPENED, LotStatus.ELIGIBILITY)
SEATING = (*TO_RUN, LotStatus.REVIEW)


def areas(actor: Actor) -> Iterator[Area]:
    if (
        actor.body_kind in BUYING
        and actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE)
        or actor.has(Role.SUPERVISOR, Role.AUDITOR)
    ):
        yield Area(
            "lots", _("Opening to award"), reverse("procurement:lot-list"), _("Eligibility, committee, award"), 34
        )
        yield Area("objections", _("Objections"), reverse("procurement:objection-list"), _("Accept and answer"), 36)
    if can_object(actor):
        yield Area("letters", _("Results"), reverse("procurement:letter-list"), _("Letters with score and rank"), 34)
        yield Area("objections", _("Objections"), reverse("procurement:objection-list"), _("Write and follow"), 36)
    if actor.has(Role.EXPERT):
        yield Area("expert-own", _("My entry"), reverse("procurement:expert-own"), _("Absences, invitations"), 42)
    if actor.has(Role.EXPERT) or (actor.body_kind == BodyKind.GOVERNMENT and actor.roles):
        yield Area("panels", _("My committees"), reverse("procurement:panel-list"), _("Score and sign"), 40)
    if can_manage_experts(actor):
        yield Area("experts", _("Experts"), reverse("procurement:expert-list"), _("The register"), 40)


def tasks(actor: Actor) -> Iterable[Task]:
    yield from seat_tasks(actor)
    if actor.body_kind in BUYING and actor.has(Role.OFFICER, Role.APPROVER):
        yield from buyer_tasks(actor)
        yield from objection_tasks(actor)
    if actor.body_kind == BodyKind.ORGANIZATION and actor.has(*SUPPLIER_ROLES):
        yield from supplier_tasks(actor)


def seat_tasks(actor: Actor) -> Iterator[Task]:
    """A member's own work; asked by the person, since a seat belongs to nobody else."""
    seats = CommitteeMember.objects.filter(
        Q(status=MemberStatus.INVITED) | Q(status=MemberStatus.ACCEPTED), user_id=actor.user_id
    ).select_related("lot__tender", "sheet")
    for seat in seats:
        task = _seat_task(seat)
        if task is not None:
            yield task


def _seat_task(seat: CommitteeMember) -> Task | None:
    lot = seat.lot
    text, home = f"{lot.number} {lot.title}", reverse("procurement:panel-detail", args=[seat.pk])
    if seat.status == MemberStatus.INVITED and lot.status in SEATING:
        url = reverse("procurement:panel-answer", args=[seat.pk])
        return Task(_("Answer the invitation"), text, None, "R-COMM-05", url, Urgency.NOW, _("Answer the invitation"))
    if seat.declared_at is None and lot.status in SEATING:
        url = reverse("procurement:panel-declaration", args=[seat.pk])
        return Task(_("Declare whether a tie binds you"), text, None, "R-COMM-09", url, Urgency.NOW, _("Declare"))
    if lot.status == LotStatus.REVIEW and not (hasattr(seat, "sheet") and seat.sheet.submitted_at):
        return Task(_("Review the bids"), text, None, "R-EVAL-11", home, Urgency.NOW, _("Review"))
    if lot.status == LotStatus.CONSOLIDATED and seat.signed_at is None:
        url = reverse("procurement:panel-report", args=[seat.pk])
        return Task(_("Sign the review report"), text, None, "R-COMM-12", url, Urgency.NOW, _("Read and sign"))
    return None


def buyer_tasks(actor: Actor) -> Iterator[Task]:
    """What waits for the buyer or its agent between opening and award."""
    wanted = lots_for(actor).filter(status__in=[*TO_RUN, LotStatus.REVIEWED])
    proposed = {award.lot_id: award for award in Award.objects.filter(lot__in=wanted, status=AwardStatus.PROPOSED)}
    for lot in wanted.select_related("opening", "eligibility_check", "review"):
        task = (
            _reviewed_task(actor, lot, proposed.get(lot.pk))
            if lot.status == LotStatus.REVIEWED
            else _run_task(actor, lot)
        )
        if task is not None:
            yield task


def _run_task(actor: Actor, lot: Lot) -> Task | None:
    text = f"{lot.number} {lot.title}"
    if not actor.has(Role.OFFICER) or (lot.status == LotStatus.OPENED and lot.opening.closed_at is None):
        return None
    if lot.status == LotStatus.ELIGIBILITY and lot.eligibility_check.concluded_at is not None:
        url = reverse("procurement:lot-committee", args=[lot.pk])
        return Task(_("Form the committee and start the review"), text, None, "R-COMM-05", url, Urgency.SOON)
    url = reverse("procurement:lot-eligibility", args=[lot.pk])
    return Task(_("Check eligibility"), text, None, "R-OPEN-05", url, Urgency.NOW)


def _reviewed_task(actor: Actor, lot: Lot, award: Award | None) -> Task | None:
    if actor.body_id != lot.tender.buyer_id or lot.review.reviewed_at is None:
        return None
    due = decision_due(lot.review.reviewed_at, values_of(lot.tender).decision_days, calendar())
    text, url = f"{lot.number} {lot.title}", reverse("procurement:lot-award", args=[lot.pk])
    if award is None and actor.has(Role.OFFICER):
        return Task(_("Propose the winner"), text, due, "R-AWARD-02", url, None, _("To the award"))
    if award is not None and actor.has(Role.APPROVER) and award.proposed_by_id != actor.user_id:
        return Task(_("Decide on the award"), text, due, "R-AWARD-02", url, None, _("Decide"))
    return None


def objection_tasks(actor: Actor) -> Iterator[Task]:
    if not actor.has(Role.OFFICER):
        return
    waiting = objections_for(actor).filter(status__in=[ObjectionStatus.SUBMITTED, ObjectionStatus.ACCEPTED])
    for row in waiting:
        yield Task(_objection_title(row), f"{row.number} {row.lot.title}", row.answer_due, "R-OBJ-06", _url(row))


def _objection_title(row: Objection) -> str:
    return (
        _("Write the answer to the objection")
        if row.status == ObjectionStatus.ACCEPTED
        else _("Decide whether to accept the objection")
    )


def _url(row: Objection) -> str:
    return reverse("procurement:objection-detail", args=[row.pk])


def supplier_tasks(actor: Actor) -> Iterator[Task]:
    """Prices to explain, letters to read."""
    now = clock.now()
    queries = PriceQuery.objects.filter(bid__body_id=actor.body_id, answered_at=None, due_at__gte=now)
    for query in queries.select_related("bid__lot__tender"):
        lot, url = query.bid.lot, reverse("procurement:price-query", args=[query.pk])
        yield Task(_("Explain your price"), f"{lot.number} {lot.title}", query.due_at, "R-EVAL-17", url, Urgency.NOW)
    unread = Letter.objects.filter(bid__body_id=actor.body_id, read_at=None, sent_at__gte=now - timedelta(days=90))
    for letter in unread.select_related("award__lot__tender"):
        lot, url = letter.award.lot, reverse("procurement:letter-detail", args=[letter.pk])
        yield Task(
            _("Read the letter on the result"), f"{lot.number} {lot.title}", None, "R-AWARD-08", url, Urgency.SOON
        )
