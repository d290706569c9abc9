"""Eligibility, committee, scoring, award, objections, suspensions."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe
from marketplace.core.workcalendar import calendar
from marketplace.procurement import events
from marketplace.procurement.models import (
    Award,
    AwardStatus,
    BidStatus,
    CommitteeMember,
    Expert,
    Letter,
    LetterKind,
    Lot,
    MemberStatus,
    Objection,
    ObjectionStatus,
    PriceQuery,
    Suspension,
)
from marketplace.procurement.rules.award import decision_due
from marketplace.procurement.selectors.review import values_of
from marketplace.web.templatetags.web import moment

from ..services import notify, people_of
from .procurement import BIDDERS, Recipients, bidders, buyers, public_url


def lot_of(pk: int) -> Lot:
    return Lot.objects.select_related("tender").get(pk=pk)


def lot_url(lot: Lot) -> str:
    return reverse("procurement:lot-detail", args=[lot.pk])


def seats(lot: Lot) -> list[CommitteeMember]:
    return list(lot.members.filter(status=MemberStatus.ACCEPTED).select_related("user"))


def to_members(kind: str, lot: Lot, view: str = "panel-detail") -> None:
    for seat in seats(lot):
        url = reverse(f"procurement:{view}", args=[seat.pk])
        notify(kind, f"{lot.pk}:{seat.pk}", [(seat.user, None)], url=url, title=lot.title)


def experts_imported(event: events.ExpertsImported) -> None:
    """New experts have an account without a password: they set one by their address."""
    for expert in Expert.objects.filter(pk__in=event.expert_ids).select_related("user"):
        notify("expert-enrolled", str(expert.pk), [(expert.user, expert.register_id)], url=reverse("account_login"))


def members_invited(event: events.MembersInvited) -> None:
    for seat in CommitteeMember.objects.filter(pk__in=event.member_ids).select_related("user"):
        url = reverse("procurement:panel-detail", args=[seat.pk])
        notify("member-invited", str(seat.pk), [(seat.user, None)], url=url)


def member_replaced(event: events.MemberReplaced) -> None:
    seat = CommitteeMember.objects.select_related("lot__tender").get(pk=event.member_id)
    url = reverse("procurement:lot-committee", args=[seat.lot_id])
    notify("member-declined", str(seat.pk), buyers(seat.lot.tender, Role.OFFICER), url=url, title=seat.lot.title)


def eligibility_concluded(event: events.EligibilityConcluded) -> None:
    lot = lot_of(event.lot_id)
    for bid in lot.bids.filter(status=BidStatus.INELIGIBLE):
        people = people_of([bid.body_id], *BIDDERS)
        url = reverse("procurement:bid-receipt", args=[bid.receipt_number])
        notify("bid-ineligible", str(bid.pk), people, url=url, title=lot.title, reason=bid.invalid_reason)


def review_started(event: events.ReviewStarted) -> None:
    to_members("scoring-open", lot_of(event.lot_id))


def price_queried(event: events.PriceQueried) -> None:
    row = PriceQuery.objects.select_related("bid__lot").get(pk=event.query_id)
    url = reverse("procurement:price-query", args=[row.pk])
    people = people_of([row.bid.body_id], *BIDDERS)
    notify("price-query", str(row.pk), people, url=url, title=row.bid.lot.title, due=moment(row.due_at))


def lot_consolidated(event: events.LotConsolidated) -> None:
    to_members("report-ready", lot_of(event.lot_id), "panel-report")


def lot_reviewed(event: events.LotReviewed) -> None:
    lot = Lot.objects.select_related("tender", "review").get(pk=event.lot_id)
    due = decision_due(lot.review.reviewed_at, values_of(lot.tender).decision_days, calendar())  # type: ignore[arg-type]
    url = reverse("procurement:lot-award", args=[lot.pk])
    notify("report-signed", str(lot.pk), buyers(lot.tender, Role.OFFICER), url=url, title=lot.title, due=moment(due))


def award_proposed(event: events.AwardProposed) -> None:
    award = award_by(event.award_id)
    approvers = people_of([award.lot.tender.buyer_id], Role.APPROVER)
    url = reverse("procurement:lot-award", args=[award.lot_id])
    notify("award-proposed", str(award.pk), approvers, url=url, title=award.lot.title, name=str(award.proposed_by))


def award_by(pk: int) -> Award:
    return Award.objects.select_related("lot__tender", "proposed_by").get(pk=pk)


def lot_awarded(event: events.LotAwarded) -> None:
    """Every bidder gets word of its own letter, and of no other's."""
    award = award_by(event.award_id)
    for letter in Letter.objects.filter(award=award).select_related("bid__result"):
        people = people_of([letter.bid.body_id], *BIDDERS)
        url = reverse("procurement:letter-detail", args=[letter.pk])
        kind = "award-won" if letter.kind == LetterKind.WINNER else "award-lost"
        result = getattr(letter.bid, "result", None)
        facts = {
            "title": award.lot.title,
            "total": result.total.normalize() if result else "–",
            "rank": result.rank if result else "–",
            "until": moment(award.objection_until),
        }
        notify(kind, str(letter.pk), people, url=url, **facts)


def award_ended(event: events.AwardEnded) -> None:
    award = award_by(event.award_id)
    if award.status == AwardStatus.REFUSED:
        people = buyers(award.lot.tender, Role.OFFICER, Role.APPROVER)
        notify("award-refused", str(award.pk), people, url=lot_url(award.lot), title=award.lot.title)


def objection_by(pk: int) -> Objection:
    return Objection.objects.select_related("lot__tender").get(pk=pk)


def objection_url(row: Objection) -> str:
    return reverse("procurement:objection-detail", args=[row.pk])


def objection_submitted(event: events.ObjectionSubmitted) -> None:
    row = objection_by(event.objection_id)
    facts = {"title": row.lot.title, "number": row.number, "due": moment(row.answer_due)}
    people = buyers(row.lot.tender, Role.OFFICER, Role.APPROVER)
    notify("objection-submitted", str(row.pk), people, url=objection_url(row), **facts)


def objection_decided(event: events.ObjectionDecided) -> None:
    row = objection_by(event.objection_id)
    accepted = row.status == ObjectionStatus.ACCEPTED
    kind = "objection-accepted" if accepted else "objection-refused"
    facts = {"title": row.lot.title, "number": row.number, "due": moment(row.answer_due), "reason": row.refusal_reason}
    notify(kind, str(row.pk), people_of([row.body_id], *BIDDERS), url=objection_url(row), **facts)


def objection_answered(event: events.ObjectionAnswered) -> None:
    """The objector and the other suppliers concerned; they read the answer, not the letter (R-OBJ-06)."""
    row = objection_by(event.objection_id)
    own = people_of([row.body_id], *BIDDERS)
    notify("objection-answered", str(row.pk), own, url=objection_url(row), number=row.number, answer=row.answer)
    known = {user.pk for user, _body in own}
    others = [pair for pair in bidders(row.lot) if pair[0].pk not in known]
    url = public_url(row.lot.tender)
    notify("objection-answered", f"{row.pk}:others", others, url=url, number=row.number, answer=row.answer)


def concerned(row: Suspension) -> Recipients:
    people = {user.pk: (user, body) for user, body in buyers(row.tender, Role.OFFICER, Role.APPROVER)}
    for lot in row.tender.lots.all():
        people.update({user.pk: (user, body) for user, body in bidders(lot)})
    return list(people.values())


def tender_suspended(event: events.TenderSuspended) -> None:
    row = Suspension.objects.select_related("tender").get(pk=event.suspension_id)
    facts = {"title": row.tender.title, "reason": row.reason}
    notify("tender-suspended", str(row.pk), concerned(row), url=public_url(row.tender), **facts)


def suspension_lifted(event: events.SuspensionLifted) -> None:
    row = Suspension.objects.select_related("tender").get(pk=event.suspension_id)
    notify("suspension-lifted", str(row.pk), concerned(row), url=public_url(row.tender), title=row.tender.title)


def subscribe_all() -> None:
    for event, handler in (
        (events.ExpertsImported, experts_imported),
        (events.MembersInvited, members_invited),
        (events.MemberReplaced, member_replaced),
        (events.EligibilityConcluded, eligibility_concluded),
        (events.ReviewStarted, review_started),
        (events.PriceQueried, price_queried),
        (events.LotConsolidated, lot_consolidated),
        (events.LotReviewed, lot_reviewed),
        (events.AwardProposed, award_proposed),
        (events.LotAwarded, lot_awarded),
        (events.AwardEnded, award_ended),
        (events.ObjectionSubmitted, objection_submitted),
        (events.ObjectionDecided, objection_decided),
        (events.ObjectionAnswered, objection_answered),
        (events.TenderSuspended, tender_suspended),
        (events.SuspensionLifted, suspension_lifted),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
