"""Tenders, questions, bids and openings. Before the opening only a bidder's own people hear of its bid."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe
from marketplace.planning.models import Intention
from marketplace.procurement import events
from marketplace.procurement.models import (
    Bid,
    BidStatus,
    Correction,
    CustodianShare,
    Lot,
    Opening,
    OpeningStatement,
    Question,
    Tender,
    Termination,
)
from marketplace.web.templatetags.web import moment

from ..services import notify, people_of

BIDDERS = (Role.BIDDER, Role.ORG_ADMIN)
Recipients = list[tuple[User, int | None]]


def buyers(tender: Tender, *roles: str) -> Recipients:
    """The buyer's people with the roles, and the agent's where one is named."""
    bodies = [tender.buyer_id, *([tender.agency_id] if tender.agency_id else [])]
    return people_of(bodies, *roles)  # type: ignore[return-value]


def takers(tender: Tender) -> Recipients:
    return people_of(tender.takes.values_list("body_id", flat=True), *BIDDERS)  # type: ignore[return-value]


def bidders(lot: Lot) -> Recipients:
    counted = lot.bids.exclude(status__in=[BidStatus.REPLACED, BidStatus.WITHDRAWN])
    return people_of(counted.values_list("body_id", flat=True), *BIDDERS)  # type: ignore[return-value]


def public_url(tender: Tender) -> str:
    return reverse("procurement:tender-public", args=[tender.number])


def tender_submitted(event: events.TenderSubmitted) -> None:
    tender = Tender.objects.select_related("submitted_by").get(pk=event.tender_id)
    url = reverse("procurement:tender-review", args=[tender.pk])
    key = f"{tender.pk}:{tender.version}"
    name = str(tender.submitted_by or "")
    notify("tender-submitted", key, people_of([tender.buyer_id], Role.APPROVER), url=url, title=tender.title, name=name)


def tender_returned(event: events.TenderReturned) -> None:
    tender = Tender.objects.get(pk=event.tender_id)
    url = reverse("procurement:tender-detail", args=[tender.pk])
    key = f"{tender.pk}:{tender.version}"
    notify(
        "tender-returned", key, buyers(tender, Role.OFFICER), url=url, title=tender.title, reason=tender.return_reason
    )


def tender_published(event: events.TenderPublished) -> None:
    tender = Tender.objects.get(pk=event.tender_id)
    facts = {"title": tender.title, "number": tender.number, "deadline": moment(tender.deadline)}
    notify("tender-published", str(tender.pk), buyers(tender, Role.OFFICER), url=public_url(tender), **facts)


def correction_published(event: events.CorrectionPublished) -> None:
    row = Correction.objects.select_related("tender").get(pk=event.correction_id)
    tender = row.tender
    facts = {"title": tender.title, "subject": row.subject, "deadline": moment(tender.deadline)}
    url = reverse("procurement:tender-corrections", args=[tender.number])
    notify("documents-corrected", str(row.pk), takers(tender), url=url, **facts)


def tender_terminated(event: events.TenderTerminated) -> None:
    tender = Tender.objects.get(pk=event.tender_id)
    notify("tender-terminated", str(tender.pk), takers(tender), url=public_url(tender), title=tender.title)


def question_asked(event: events.QuestionAsked) -> None:
    row = Question.objects.select_related("tender").get(pk=event.question_id)
    url = reverse("procurement:question-answer", args=[row.pk])
    people = buyers(row.tender, Role.OFFICER)
    notify("question-asked", str(row.pk), people, url=url, title=row.tender.title, due=moment(row.answer_due))


def question_answered(event: events.QuestionAnswered) -> None:
    row = Question.objects.select_related("tender").get(pk=event.question_id)
    people = takers(row.tender)
    known = {user.pk for user, _body in people}
    people += [pair for pair in people_of([row.body_id], *BIDDERS) if pair[0].pk not in known]
    facts = {"title": row.tender.title, "question": row.public_text, "answer": row.answer}
    notify("question-answered", str(row.pk), people, url=public_url(row.tender), **facts)


def paper_submitted(event: events.PaperSubmitted) -> None:
    model = Correction if event.noun == "correction" else Termination
    row = model.objects.select_related("tender").get(pk=event.pk)
    people = [pair for pair in people_of([row.tender.buyer_id], Role.APPROVER) if pair[0].pk != row.drafted_by_id]
    url = reverse(f"procurement:{event.noun}-detail", args=[row.pk])
    notify(
        "paper-submitted",
        f"{event.noun}:{row.pk}:{row.drafted_at:%Y%m%dT%H%M%S}",
        people,
        url=url,
        title=row.tender.title,
    )


def deadline_near(event: events.DeadlineNear) -> None:
    tender = Tender.objects.get(pk=event.tender_id)
    facts = {"title": tender.title, "deadline": moment(tender.deadline)}
    key = f"{tender.pk}:{tender.deadline:%Y%m%dT%H%M%S}"
    notify("deadline-near", key, takers(tender), url=public_url(tender), **facts)


def answer_due_soon(event: events.AnswerDueSoon) -> None:
    row = Question.objects.select_related("tender").get(pk=event.question_id)
    url = reverse("procurement:question-answer", args=[row.pk])
    people = buyers(row.tender, Role.OFFICER)
    notify("answer-due-soon", str(row.pk), people, url=url, title=row.tender.title, due=moment(row.answer_due))


def extension_offered(event: events.ExtensionOffered) -> None:
    tender = Tender.objects.get(pk=event.tender_id)
    url = reverse("procurement:tender-detail", args=[tender.pk])
    key = f"{tender.pk}:{tender.documents_until:%Y%m%dT%H%M%S}"
    notify("extension-offered", key, buyers(tender, Role.OFFICER), url=url, title=tender.title)


def intention_matured(event: events.IntentionMatured) -> None:
    row = Intention.objects.select_related("item__purchase_list").get(pk=event.intention_id)
    url = reverse("planning:list-detail", args=[row.item.purchase_list_id])
    people = people_of([row.item.purchase_list.body_id], Role.OFFICER)
    notify("intention-matured", str(row.pk), people, url=url, title=row.item.name)


def bid_submitted(event: events.BidSubmitted) -> None:
    bid = Bid.objects.select_related("lot__tender").get(pk=event.bid_id)
    facts = {
        "title": bid.lot.title,
        "receipt": bid.receipt_number,
        "received": f"{moment(bid.received_at)}:{bid.received_at:%S}",
        "sha256": bid.manifest_sha256,
    }
    notify("bid-received", str(bid.pk), people_of([bid.body_id], *BIDDERS), url=receipt_url(bid), **facts)


def bid_withdrawn(event: events.BidWithdrawn) -> None:
    bid = Bid.objects.select_related("lot").get(pk=event.bid_id)
    facts = {"title": bid.lot.title, "receipt": bid.receipt_number}
    notify("bid-withdrawn", str(bid.pk), people_of([bid.body_id], *BIDDERS), url=receipt_url(bid), **facts)


def receipt_url(bid: Bid) -> str:
    return reverse("procurement:bid-receipt", args=[bid.receipt_number])


def lot_closed(event: events.LotClosed) -> None:
    lot = Lot.objects.select_related("tender").get(pk=event.lot_id)
    shares = CustodianShare.objects.filter(lot_key__lot=lot).select_related("custodian__user")
    custodians = [(share.custodian.user, share.custodian.body_id) for share in shares]
    url = reverse("procurement:opening", args=[lot.pk])
    notify("lot-closed", str(lot.pk), [*custodians, *buyers(lot.tender, Role.OFFICER)], url=url, title=lot.title)


def lot_voided(event: events.LotVoided) -> None:
    lot = Lot.objects.select_related("tender").get(pk=event.lot_id)
    people = {
        user.pk: (user, body) for user, body in [*bidders(lot), *takers(lot.tender), *buyers(lot.tender, Role.OFFICER)]
    }
    facts = {"title": lot.title, "reason": lot.void_reason}
    notify("lot-void", str(lot.pk), people.values(), url=public_url(lot.tender), **facts)


def lot_opened(event: events.LotOpened) -> None:
    opening = Opening.objects.select_related("lot__tender").get(lot_id=event.lot_id)
    url = reverse("procurement:opening", args=[opening.lot_id])
    facts = {"title": opening.lot.title, "until": moment(opening.statements_until)}
    notify("bids-opened", str(opening.lot_id), bidders(opening.lot), url=url, **facts)


def statement_made(event: events.OpeningStatementMade) -> None:
    row = OpeningStatement.objects.select_related("opening__lot__tender").get(pk=event.statement_id)
    if not row.confirms:
        lot = row.opening.lot
        url = reverse("procurement:opening", args=[lot.pk])
        notify("opening-objection", str(row.pk), buyers(lot.tender, Role.OFFICER), url=url, title=lot.title)


def subscribe_all() -> None:
    for event, handler in (
        (events.TenderSubmitted, tender_submitted),
        (events.TenderReturned, tender_returned),
        (events.TenderPublished, tender_published),
        (events.CorrectionPublished, correction_published),
        (events.TenderTerminated, tender_terminated),
        (events.QuestionAsked, question_asked),
        (events.QuestionAnswered, question_answered),
        (events.PaperSubmitted, paper_submitted),
        (events.DeadlineNear, deadline_near),
        (events.AnswerDueSoon, answer_due_soon),
        (events.ExtensionOffered, extension_offered),
        (events.IntentionMatured, intention_matured),
        (events.BidSubmitted, bid_submitted),
        (events.BidWithdrawn, bid_withdrawn),
        (events.LotClosed, lot_closed),
        (events.LotVoided, lot_voided),
        (events.LotOpened, lot_opened),
        (events.OpeningStatementMade, statement_made),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
