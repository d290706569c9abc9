"""One object for each kind of address, and the people near it (see `world`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Finding, Membership, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.services.findings import FindingSubject, answer_finding, record_finding
from marketplace.accounts.services.invitations import invite_person, request_to_join
from marketplace.audit.heads import fix_head
from marketplace.contracts.services import change as changes, evaluation as evaluations, stage as stages
from marketplace.core import clock
from marketplace.demo.history import CALL_NUMBER, write_earlier_call
from marketplace.documents.services import store_bytes
from marketplace.notifications.models import Message
from marketplace.notifications.services import notify
from marketplace.organizations.models import Organization, Relation
from marketplace.organizations.services.accounts import propose_account
from marketplace.organizations.services.links import LinkFacts, add_link
from marketplace.organizations.services.verification import verify_organization
from marketplace.planning.services import intentions, lists
from marketplace.procurement.models import (
    Award,
    Bid,
    BidDraft,
    BidFile,
    CommitteeMember,
    CustodianShare,
    Letter,
    Lot,
    MemberStatus,
    Outage,
    PriceQuery,
    Score,
    Tender,
    TerminationReason,
)
from marketplace.procurement.selectors.award import turn
from marketplace.procurement.selectors.eligibility import credit_lists
from marketplace.procurement.selectors.review import opened_bids, seated
from marketplace.procurement.services.award import propose_award
from marketplace.procurement.services.committee import answer_invitation, draw_committee
from marketplace.procurement.services.correction import CorrectionInput, draft_correction, return_correction
from marketplace.procurement.services.draft import add_attachment
from marketplace.procurement.services.eligibility import start_check
from marketplace.procurement.services.experts import add_absence
from marketplace.procurement.services.low_price import PriceQuestion, ask_about_price
from marketplace.procurement.services.objections import LetterOfObjection, submit_objection
from marketplace.procurement.services.outages import propose_extension
from marketplace.procurement.services.question import ask_question
from marketplace.procurement.services.statements import make_statement
from marketplace.procurement.services.suspensions import suspend_tender
from marketplace.procurement.services.tender import discard_tender
from marketplace.procurement.services.termination import draft_termination
from marketplace.sponsorship.models import Agreement, CheckoutSession, Dispute, Payment, PaymentState, WebhookEvent
from marketplace.sponsorship.services import refunds, statements
from marketplace.sponsorship.services.payments import Arrival, book_arrival
from marketplace.ventures.models import Application, Call
from marketplace.ventures.services import call as calls, papers, questions as call_questions, submission
from tests.factories import (
    applications,
    assessment,
    bids,
    contracts,
    grants,
    planning,
    procurement,
    review,
    sponsorship,
    ventures,
)
from tests.factories.accounts import make_body, make_person
from tests.factories.awards import make_award
from tests.factories.organizations import admin_of, make_evidence, make_organization
from tests.factories.publication import published_notice

from .world import Case, World, buyer_of, case, organization_of, people_of

OBJECTION = LetterOfObjection(
    kind="result",
    address="上海市静安区昌平路1000号",
    postcode="200040",
    contact_name="林晓晨",
    contact_phone="021-60000000",
    matters="对「团队」一项的得分有异议，请求复核。",
    facts="我方投标文件写明项目负责人从业十年。",
    legal_basis="《政府采购法》第五十二条。",
)


@case("simple")
def nothing(world: World) -> Case:
    """For addresses without an object."""
    return Case()


# planning


@case("planning")
def draft_list(world: World) -> Case:
    people = planning.buyer_people()
    row = planning.draft_list(people)
    return Case({"pk": row.pk, "item": row.items.get().pk}, buyer_of(people.body))


@case("planning")
def submitted_list(world: World) -> Case:
    people = planning.buyer_people()
    row = planning.draft_list(people)
    lists.submit_list(actor=people.officer, list_id=row.pk)
    return Case({"pk": row.pk}, buyer_of(people.body))


@case("planning")
def published_list(world: World) -> Case:
    people = planning.buyer_people()
    row = planning.published_list(people)
    values = {"pk": row.pk, "item": row.items.get().pk, "code": people.body.code, "year": row.year}
    return Case(values, buyer_of(people.body))


@case("planning")
def proposed_intention(world: World) -> Case:
    people = planning.buyer_people()
    item = planning.published_item(people)
    row = intentions.propose_intention(actor=people.officer, item_id=item.pk)
    return Case({"pk": row.pk}, buyer_of(people.body))


# organizations


def registered() -> tuple[Organization, Case]:
    organization = make_organization()
    values = {"code": organization.body.code}
    return organization, Case(values, organization_of(organization.body))


@case("organizations")
def organization(world: World) -> Case:
    return registered()[1]


@case("organizations")
def verified_organization(world: World) -> Case:
    organization, found = registered()
    verify_organization(
        actor=world.person("operator", found), organization_id=organization.pk, evidence="登记证书原件已核对。"
    )
    return found


@case("organizations")
def account_change(world: World) -> Case:
    organization, found = registered()
    row = propose_account(
        actor=found.people["org_admin"],
        organization_id=organization.pk,
        bank_name="中国工商银行上海静安支行",
        bank_account="6222021001112223334",
    )
    found.people["org_admin"] = admin_of(organization)  # somebody else than who typed it in
    return Case({"pk": row.pk}, found.people)


@case("organizations")
def evidence(world: World) -> Case:
    organization, found = registered()
    return Case({"pk": make_evidence(admin_of(organization), organization).pk}, found.people)


@case("organizations")
def person_link(world: World) -> Case:
    organization, found = registered()
    facts = LinkFacts(name="林晓晨", relation=Relation.values[0])
    row = add_link(actor=admin_of(organization), organization_id=organization.pk, facts=facts)
    return Case({"pk": row.pk}, found.people)


# people


def body_with_people() -> tuple[Body, dict[str, Actor]]:
    body = make_body(BodyKind.GOVERNMENT)
    return body, buyer_of(body)


@case("people")
def membership(world: World) -> Case:
    body, people = body_with_people()
    other = make_person(body, Role.OFFICER)
    return Case({"pk": Membership.objects.get(user_id=other.user_id).pk}, people)


@case("people")
def invitation(world: World) -> Case:
    body, people = body_with_people()
    row = invite_person(
        actor=people["approver"], body_id=body.pk, email=f"new{body.pk}@example.org", roles=[Role.OFFICER]
    )
    return Case({"pk": row.pk, "token": row.token}, people)


@case("people")
def join_request(world: World) -> Case:
    body, people = body_with_people()
    row = request_to_join(actor=make_person(None), body_id=body.pk, note="我在贵单位任职。")
    return Case({"pk": row.pk}, people)


def recorded_finding() -> tuple[Finding, dict[str, Actor]]:
    body, people = body_with_people()
    auditor = people_of(make_body(BodyKind.AUDITOR), Role.AUDITOR)
    subject = FindingSubject(
        key=f"accounts.body:{body.pk}", title=body.name, body_id=body.pk, url="", project_number=""
    )
    row = record_finding(actor=auditor["auditor"], subject=subject, text="合同第三条与公告不一致。")
    return row, {**people, **auditor}


@case("people")
def finding(world: World) -> Case:
    row, people = recorded_finding()
    return Case({"pk": row.pk}, people)


@case("people")
def answered_finding(world: World) -> Case:
    row, people = recorded_finding()
    answer_finding(actor=people["approver"], finding_id=row.pk, answer="已更正，并补充说明。")
    return Case({"pk": row.pk}, people)


# notifications, documents


@case("simple")
def message(world: World) -> Case:
    people = people_of(make_body(BodyKind.ORGANIZATION), Role.BIDDER)
    bidder = people["bidder"]
    recipient = (User.objects.get(pk=bidder.user_id), bidder.body_id)
    notify("tender-returned", "matrix", [recipient], title="为老服务", reason="预算编号有误")
    return Case({"pk": Message.objects.get(user_id=bidder.user_id).pk}, people)


# publication, transparency


@case("simple")
def notice(world: World) -> Case:
    snapshot = published_notice()
    return Case({"number": snapshot.number, "kind": snapshot.kind})


@case("simple")
def earlier_call(world: World) -> Case:
    write_earlier_call()
    return Case({"number": CALL_NUMBER})


@case("simple")
def log_entry(world: World) -> Case:
    published_notice()
    fix_head()
    return Case({"number": 1})


# funds


@case("simple")
def fund(world: World) -> Case:
    people = planning.buyer_people()
    line = planning.budget_line(people.body)
    return Case({"pk": line.fund_id, "form": "csv"}, buyer_of(people.body))


@case("simple")
def budget_line(world: World) -> Case:
    people = planning.buyer_people()
    return Case({"pk": planning.budget_line(people.body).pk}, buyer_of(people.body))


# tenders


def with_agent(tender: Tender) -> dict[str, Actor]:
    """Give the procedure to an agent; everybody near the tender."""
    agency = make_body(BodyKind.AGENCY)
    Tender.objects.filter(pk=tender.pk).update(agency=agency)
    return {**buyer_of(tender.buyer), "agent": make_person(agency, Role.OFFICER, second_factor=True)}


@case("tender")
def listed_item(world: World) -> Case:
    people = planning.buyer_people()
    return Case({"item": planning.published_item(people).pk}, buyer_of(people.body))


@case("tender")
def tender_draft(world: World) -> Case:
    tender = procurement.tender_draft_ready()
    criterion = tender.criteria.exclude(parent=None).first()
    return Case({"pk": tender.pk, "criterion": criterion.pk, "step": "needs"}, with_agent(tender))


@case("tender")
def attachment(world: World) -> Case:
    tender = procurement.tender_draft()
    file = store_bytes(b"%PDF-1.7", name="点位.pdf", content_type="application/pdf")
    row = add_attachment(actor=tender.people.officer, tender_id=tender.pk, title="点位", file=file)
    return Case({"pk": tender.pk, "document": row.pk}, with_agent(tender))


@case("tender")
def discarded_draft(world: World) -> Case:
    tender = procurement.tender_draft()
    discard_tender(actor=tender.people.officer, tender_id=tender.pk, version=tender.version, reason="不再购买。")
    return Case({"pk": tender.pk}, with_agent(tender))


@case("tender")
def submitted_tender(world: World) -> Case:
    tender = procurement.submitted_tender()
    return Case({"pk": tender.pk}, with_agent(tender))


@case("tender")
def published_tender(world: World) -> Case:
    tender = procurement.published_tender()
    return Case({"pk": tender.pk, "number": tender.number}, with_agent(tender))


@case("tender")
def correction(world: World) -> Case:
    tender = procurement.published_tender()
    text = CorrectionInput(subject="联系电话更正", changes={"field:contact_phone": "021-60000009"}, affects_bids=False)
    row = draft_correction(actor=tender.people.officer, tender_id=tender.pk, correction=text)
    return Case({"pk": row.pk}, with_agent(tender))


@case("tender")
def returned_correction(world: World) -> Case:
    tender = procurement.published_tender()
    text = CorrectionInput(subject="联系电话更正", changes={"field:contact_phone": "021-60000009"}, affects_bids=False)
    row = draft_correction(actor=tender.people.officer, tender_id=tender.pk, correction=text)
    return_correction(actor=tender.people.approver, correction_id=row.pk, reason="电话号码少一位。")
    return Case({"pk": tender.pk, "correction": row.pk}, with_agent(tender))


@case("tender")
def termination(world: World) -> Case:
    tender = procurement.published_tender()
    row = draft_termination(
        actor=tender.people.officer,
        tender_id=tender.pk,
        kind=TerminationReason.PLAN_CHANGED,
        reason="民政局职能调整，助餐补贴改由街道直接发放，本年度不再采购该项服务。",
    )
    return Case({"pk": row.pk}, with_agent(tender))


@case("tender")
def question(world: World) -> Case:
    tender = procurement.published_tender()
    bidder = procurement.taker(tender)
    row = ask_question(actor=bidder, tender_id=tender.pk, text="送餐车辆是否必须自有？")
    return Case({"pk": row.pk}, with_agent(tender))


# bids


def bidders_of(bid: Bid | BidDraft) -> dict[str, Actor]:
    return organization_of(bid.body)


@case("bids")
def open_lot(world: World) -> Case:
    lot = bids.open_lot()
    bidder = bids.make_bidder()
    return Case({"lot_id": lot.pk}, {**with_agent(lot.tender), **organization_of(Body.objects.get(pk=bidder.body_id))})


@case("bids")
def bid_draft(world: World) -> Case:
    lot = bids.open_lot()
    draft = bids.draft_for(lot, bids.make_bidder())
    values = {"pk": draft.pk, "step": "price", "part_id": draft.parts.first().pk}
    return Case(values, {**with_agent(lot.tender), **bidders_of(draft)})


@case("bids")
def sealed_bid(world: World) -> Case:
    lot = bids.open_lot()
    bid = bids.sealed_bid(lot, keep_copy=True)
    fix_head()  # the proof of a receipt leads to a published head
    values = {"receipt": bid.receipt_number, "pk": bid.draft_id}
    return Case(values, {**with_agent(lot.tender), **bidders_of(bid)})


@case("bids")
def custodian_key(world: World) -> Case:
    key = bids.proved_custodian(make_body(BodyKind.SUPERVISOR))
    return Case({"pk": key.pk}, {"custodian": bids.actor_of(key)})


@case("bids")
def outage(world: World) -> Case:
    """A worker that was silent until shortly after the deadline."""
    lot = procurement.published_lot()
    end = lot.tender.deadline + timedelta(minutes=10)
    row = Outage.objects.create(started_at=end - timedelta(minutes=40), ended_at=end, found_at=end)
    return Case({"pk": row.pk, "tender_id": lot.tender_id}, with_agent(lot.tender))


@case("bids")
def extension(world: World) -> Case:
    found = world.case("outage")
    tender = Tender.objects.get(pk=found.values["tender_id"])
    row = propose_extension(
        actor=found.people["officer"],
        tender_id=tender.pk,
        outage_id=found.values["pk"],
        new_deadline=tender.deadline + timedelta(days=1),
        reason="截止前系统中断，投标人无法上传。",
    )
    return Case({"pk": row.pk}, found.people)


# openings


def near_lot(lot: Lot) -> dict[str, Actor]:
    """Buyer, agent, one bidder's people, one custodian of the lot."""
    people = with_agent(lot.tender)
    bid = lot.bids.order_by("pk").first()
    share = CustodianShare.objects.filter(lot_key__lot=lot).select_related("custodian__user", "custodian__body").first()
    return {**people, **bidders_of(bid), "custodian": bids.actor_of(share.custodian)}


@case("opening")
def closed_lot(world: World) -> Case:
    lot = bids.closed_lot(3)
    return Case({"lot_id": lot.pk}, near_lot(lot))


@case("opened")
def opened_lot(world: World) -> Case:
    lot = bids.opened_lot(3)
    found = Case({"lot_id": lot.pk}, near_lot(lot))
    row = make_statement(actor=found.people["bidder"], lot_id=lot.pk, confirms=False, text="报价大写有误。")
    found.values["pk"] = row.pk
    return found


@case("opened")
def read_out_lot(world: World) -> Case:
    """The same, for addresses that name the lot itself."""
    found = world.case("opened_lot")
    return Case({"pk": found.values["lot_id"]}, found.people)


# review


@case("eligibility")
def eligibility_lot(world: World) -> Case:
    panel = review.opened_panel(3)
    start_check(actor=panel.officer, lot_id=panel.lot.pk)
    bid = opened_bids(panel.lot)[0]
    return Case({"pk": panel.lot.pk, "bid": bid.pk, "list": credit_lists()[0][0]}, near_lot(panel.lot))


def near_panel(panel: review.Panel) -> dict[str, Actor]:
    """As near the lot, and the leader, who is an expert."""
    return {**near_lot(panel.lot), "expert": panel.actor(panel.leader)}


@case("review")
def review_lot(world: World) -> Case:
    panel = review.reviewing_lot(3)
    return Case({"pk": panel.lot.pk, "member": panel.members[-1].pk}, near_panel(panel))


@case("invited")
def invited_seat(world: World) -> Case:
    """Drawn, not yet answered."""
    panel = review.eligible_lot(3)
    draw_committee(actor=panel.officer, lot_id=panel.lot.pk, review_on=clock.today())
    member = CommitteeMember.objects.filter(lot=panel.lot, status=MemberStatus.INVITED).first()
    return Case({"pk": member.pk}, {**near_lot(panel.lot), "expert": review.actor_of_member(member)})


@case("invited")
def accepted_seat(world: World) -> Case:
    lot = CommitteeMember.objects.get(pk=world.case("invited_seat").values["pk"]).lot
    member = CommitteeMember.objects.filter(lot=lot, status=MemberStatus.INVITED).last()
    person = review.actor_of_member(member)
    answer_invitation(actor=person, member_id=member.pk, accepts=True)
    return Case({"pk": member.pk}, {**near_lot(lot), "expert": person})


@case("review")
def seat(world: World) -> Case:
    panel = review.reviewing_lot(3)
    bid = opened_bids(panel.lot)[0]
    return Case({"pk": panel.leader.pk, "bid": bid.pk}, near_panel(panel))


@case("scored")
def scored_seat(world: World) -> Case:
    panel = review.scored_lot(3)
    score = Score.objects.filter(sheet__member=panel.leader).first()
    return Case({"pk": panel.leader.pk, "score": score.pk}, near_panel(panel))


@case("scored")
def price_query(world: World) -> Case:
    panel = review.reviewing_lot(3)
    leader = panel.leader
    bid = opened_bids(panel.lot)[0]
    asked = PriceQuestion(text="请说明报价构成。", minutes=60)
    row = ask_about_price(actor=panel.actor(leader), member_id=leader.pk, bid_id=bid.pk, question=asked)
    people = {**near_panel(panel), **bidders_of(bid)}
    return Case({"pk": row.pk}, people)


@case("scored")
def price_seat(world: World) -> Case:
    found = world.case("price_query")
    row = PriceQuery.objects.get(pk=found.values["pk"])
    leader = next(member for member in seated(row.bid.lot) if member.is_leader)
    return Case({"pk": leader.pk, "query": row.pk}, found.people)


@case("consolidated")
def consolidated_seat(world: World) -> Case:
    panel = review.consolidated_lot(3)
    return Case({"pk": panel.leader.pk}, near_panel(panel))


@case("experts")
def expert(world: World) -> Case:
    row = review.make_expert()
    person = actor_for(row.user, Membership.objects.get(user=row.user), has_second_factor=True)
    away = add_absence(
        actor=person, expert_id=row.pk, from_date=clock.today(), to_date=clock.today() + timedelta(days=2)
    )
    return Case({"pk": row.pk, "absence": away.pk}, {"expert": person})


@case("experts")
def absence(world: World) -> Case:
    found = world.case("expert")
    return Case({"pk": found.values["absence"]}, found.people)


# award


@case("reviewed")
def reviewed_lot(world: World) -> Case:
    panel = review.reviewed_lot(3)
    return Case({"pk": panel.lot.pk}, near_panel(panel))


@case("reviewed")
def proposed_award(world: World) -> Case:
    panel = review.reviewed_lot(3)
    award = propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=turn(panel.lot)[0].pk)
    return Case({"pk": award.pk}, near_panel(panel))


@case("award")
def award(world: World) -> Case:
    panel, row = review.award_panel(3)
    people = {**near_panel(panel), **bidders_of(row.bid)}
    number = panel.lot.tender.number
    return Case({"pk": row.pk, "award": row.pk, "number": number, "position": 1}, people)


@case("award")
def letter(world: World) -> Case:
    found = world.case("award")
    bid = Award.objects.get(pk=found.values["pk"]).bid
    return Case({"pk": Letter.objects.get(bid=bid).pk}, found.people)


@case("award")
def awarded_lot(world: World) -> Case:
    found = world.case("award")
    return Case({"pk": Award.objects.get(pk=found.values["pk"]).lot_id}, found.people)


@case("award")
def objection(world: World) -> Case:
    found = world.case("award")
    lot = Award.objects.get(pk=found.values["pk"]).lot
    loser = lot.bids.exclude(body_id=found.people["bidder"].body_id).first()
    people = {**found.people, **bidders_of(loser)}
    row = submit_objection(actor=people["bidder"], lot_id=lot.pk, letter=OBJECTION)
    return Case({"pk": row.pk}, people)


@case("suspended")
def suspension(world: World) -> Case:
    tender = procurement.published_tender()
    supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
    row = suspend_tender(actor=supervisor, tender_id=tender.pk, reason="收到举报，暂停核查。")
    return Case({"pk": row.pk}, {**with_agent(tender), "supervisor": supervisor})


# contracts


def near_contract(town: contracts.World) -> dict[str, Actor]:
    people = {**with_agent(town.awarded.award.lot.tender), **organization_of(town.supplier)}
    if town.evaluation is not None:
        people |= people_of(town.evaluation.evaluator, Role.EVALUATOR)
    return people


def contract_case(town: contracts.World, **values: object) -> Case:
    return Case({"pk": town.contract.pk, **values}, near_contract(town))


@case("contracts")
def contract_award(world: World) -> Case:
    awarded = make_award()
    return Case(
        {"award": awarded.award.pk}, {**with_agent(awarded.award.lot.tender), **organization_of(awarded.supplier)}
    )


# grant agreements


def near_grant(town: grants.GrantWorld) -> dict[str, Actor]:
    people = {"officer": town.officer, "approver": town.approver, "finance": town.finance}
    return {**people, "org_admin": town.admin, "reporter": town.reporter}


@case("contracts")
def granted(world: World) -> Case:
    town = grants.make_grant()
    return Case({"grant": town.grant.pk}, near_grant(town))


def grant_case(town: grants.GrantWorld, **values: object) -> Case:
    return Case({"pk": town.agreement.pk, **values}, near_grant(town))


@case("contracts")
def agreement(world: World) -> Case:
    return grant_case(grants.active_agreement(), kind="budget")


@case("contracts")
def agreement_paid(world: World) -> Case:
    return grant_case(grants.paid(grants.active_agreement()))


@case("contracts")
def agreement_over(world: World) -> Case:
    return grant_case(grants.passed(grants.passed(grants.active_agreement(), 2), 3))


@case("contracts")
def stage_reported(world: World) -> Case:
    return grant_case(grants.reported(grants.active_agreement()), number=2)


@case("contracts")
def stage_doubted(world: World) -> Case:
    town = grants.reported(grants.active_agreement())
    stages.propose_failure(actor=town.officer, milestone_id=town.milestone(2).pk, reason="活动未开展")
    return grant_case(town, number=2)


@case("contracts")
def change_asked(world: World) -> Case:
    town, change = grants.asked_change()
    return Case({"pk": change.pk}, near_grant(town))


@case("contracts")
def change_large(world: World) -> Case:
    town, change = grants.asked_change(amount=Decimal("10000.00"))
    changes.decide_change(actor=town.officer, change_id=change.pk, approve=True, opinion="同意")
    return Case({"pk": change.pk}, near_grant(town))


@case("contracts")
def payback_proposed(world: World) -> Case:
    town, row = grants.proposed_payback()
    return Case({"pk": row.pk}, near_grant(town))


@case("contracts")
def payback_demanded(world: World) -> Case:
    town, row = grants.demanded_payback()
    return Case({"pk": row.pk}, near_grant(town))


@case("contracts")
def drafted_contract(world: World) -> Case:
    return contract_case(contracts.drafted_contract())


@case("contracts")
def proposed_contract(world: World) -> Case:
    return contract_case(contracts.proposed_contract())


@case("contracts")
def signed_contract(world: World) -> Case:
    return contract_case(contracts.signed_contract())


@case("contracts")
def active_contract(world: World) -> Case:
    return contract_case(contracts.active_contract())


@case("contracts")
def milestone(world: World) -> Case:
    return contract_case(contracts.active_contract(), number=1)


@case("contracts")
def reported_milestone(world: World) -> Case:
    return contract_case(contracts.reported_milestone(), number=1)


@case("payments")
def accepted_milestone(world: World) -> Case:
    return contract_case(contracts.accepted_milestone(), number=1)


@case("payments")
def disbursement(world: World) -> Case:
    town = contracts.requested_disbursement()
    code = town.disbursement.checks.first().code
    return Case({"pk": town.disbursement.pk, "code": code}, near_contract(town))


@case("payments")
def approved_disbursement(world: World) -> Case:
    town = contracts.approved_disbursement()
    return Case({"pk": town.disbursement.pk}, near_contract(town))


@case("evaluation")
def paid_contract(world: World) -> Case:
    return contract_case(contracts.paid_milestone())


@case("evaluation")
def assigned_evaluation(world: World) -> Case:
    town = contracts.assigned_evaluation()
    return Case({"pk": town.evaluation.pk}, near_contract(town))


@case("evaluation")
def scored_evaluation(world: World) -> Case:
    town = contracts.scored_evaluation()
    return Case({"pk": town.evaluation.pk}, near_contract(town))


@case("evaluation")
def drafted_evaluation(world: World) -> Case:
    town = contracts.scored_evaluation()
    evaluations.hand_over_draft(actor=town.evaluator, evaluation_id=town.evaluation.pk)
    return Case({"pk": town.evaluation.pk}, near_contract(town))


@case("evaluation")
def answered_evaluation(world: World) -> Case:
    town = contracts.scored_evaluation()
    evaluations.hand_over_draft(actor=town.evaluator, evaluation_id=town.evaluation.pk)
    evaluations.answer_evaluation(actor=town.admin, evaluation_id=town.evaluation.pk, answer="同意评估意见。")
    return Case({"pk": town.evaluation.pk}, near_contract(town))


# ventures


def venture_values(call: Call) -> dict[str, object]:
    return {"pk": call.pk, "number": call.number, "briefing": call.briefings.first().pk, "key": "b2", "step": "aims"}


@case("ventures")
def venture_draft(world: World) -> Case:
    call = ventures.call_draft_ready()
    return Case({**venture_values(call), "way": "up"}, buyer_of(call.lead))


@case("ventures")
def submitted_venture(world: World) -> Case:
    call = ventures.submitted_call()
    return Case(venture_values(call), buyer_of(call.lead))


@case("ventures")
def joint_venture(world: World) -> Case:
    call, other = ventures.joint_call()
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    joint = {f"other_{role}": actor for role, actor in buyer_of(other.body).items()}
    return Case(venture_values(call), {**buyer_of(call.lead), **joint})


@case("ventures")
def venture_call(world: World) -> Case:
    call = ventures.open_call()
    return Case(venture_values(call), buyer_of(call.lead))


@case("ventures")
def venture_briefing(world: World) -> Case:
    call = ventures.open_call()
    return Case({"pk": call.briefings.first().pk}, buyer_of(call.lead))


@case("ventures")
def venture_question(world: World) -> Case:
    call = ventures.open_call()
    row = call_questions.ask_question(actor=ventures.asker(), call_id=call.pk, text="可以联合申报吗？")
    return Case({"pk": row.pk}, buyer_of(call.lead))


@case("ventures")
def venture_paper(world: World) -> Case:
    call = ventures.open_call()
    return Case({"pk": venture_correction(call).pk}, buyer_of(call.lead))


def venture_correction(call: Call) -> papers.CallPaper:
    text = papers.CorrectionInput(subject="联系电话更正", changes={"field:contact_phone": "021-60000009"})
    return papers.draft_correction(actor=call.people.officer, call_id=call.pk, correction=text)


@case("ventures")
def returned_venture_paper(world: World) -> Case:
    call = ventures.open_call()
    row = venture_correction(call)
    papers.return_paper(actor=call.people.approver, paper_id=row.pk, reason="电话号码少一位。")
    return Case({"pk": call.pk, "paper": row.pk}, buyer_of(call.lead))


def application_values(application: Application) -> dict[str, object]:
    last = application.versions.last()
    return {
        "pk": application.pk,
        "step": "b1",
        "receipt": last.receipt_number if last else "SB-none",
        "file": application.files.first().pk if application.files.exists() else 0,
        "source": application.pk,
    }


@case("ventures")
def venture_application(world: World) -> Case:
    """Being written, handed in once; the call is open."""
    application = applications.hand_in(applications.add_file(applications.filled_application()))
    return Case(application_values(application), organization_of(application.body))


@case("ventures")
def application_with_files(world: World) -> Case:
    application = applications.add_file(applications.started_application())
    values = {**application_values(application), "step": "b10"}
    return Case(values, organization_of(application.body))


@case("ventures")
def continued_application(world: World) -> Case:
    """A second one of the same organization, that could take the first one's answers over."""
    call = ventures.open_call(applications_each=2)
    first = applications.filled_application(call)
    second = applications.started_application(call, first.actor)
    return Case({"pk": second.pk, "source": first.pk}, organization_of(second.body))


@case("ventures")
def withdrawn_application(world: World) -> Case:
    application = applications.submitted_application()
    submission.withdraw_application(actor=application.actor, application_id=application.pk, received_at=clock.now())
    return Case(application_values(application), organization_of(application.body))


@case("ventures")
def proved_application(world: World) -> Case:
    application = applications.submitted_application()
    fix_head()
    return Case(application_values(application), organization_of(application.body))


@case("ventures")
def application_in_prereview(world: World) -> Case:
    application = applications.submitted_application()
    call = applications.closed_call(application.call)
    return Case({"pk": application.pk}, {**buyer_of(call.lead), **organization_of(application.body)})


@case("ventures")
def closed_venture_call(world: World) -> Case:
    application = applications.submitted_application()
    call = applications.closed_call(application.call)
    return Case({"pk": call.pk}, buyer_of(call.lead))


# the assessment of venture calls: a few towns for all of them


def town_at(world: World, stage: str) -> assessment.Town:
    towns = world.__dict__.setdefault("towns", {})
    if stage not in towns:
        towns[stage] = {
            "opened": lambda: assessment.opened(1),
            "scoring": lambda: assessment.scoring_town(2),
            "defence": lambda: assessment.defence_town(2),
            "proposed": lambda: assessment.proposed(count=2),
            "displayed": lambda: assessment.displayed(count=2),
        }[stage]()
    return towns[stage]


def of_lead(town: assessment.Town) -> dict[str, Actor]:
    return buyer_of(town.call.lead)


@case("assessment")
def assessment_closed(world: World) -> Case:
    call = assessment.closed_call()
    return Case({"pk": call.pk}, buyer_of(call.lead))


@case("assessment")
def assessment_prepared(world: World) -> Case:
    town = town_at(world, "opened")
    return Case({"pk": town.assessment.pk}, of_lead(town))


@case("assessment")
def assessment_invited(world: World) -> Case:
    town, expert = town_at(world, "opened"), assessment.reviewer()
    return Case({"pk": assessment.invited(town, expert).pk}, {"expert": expert})


@case("assessment")
def assessment_mentorship(world: World) -> Case:
    town, expert = town_at(world, "opened"), assessment.reviewer()
    row = town.applications[0].mentorships.create(
        mentor_id=expert.user_id, assigned_by_id=town.officer.user_id, assigned_at=clock.now()
    )
    return Case({"pk": row.pk}, {"expert": expert})


@case("assessment")
def assessment_scored(world: World) -> Case:
    town = town_at(world, "scoring")
    return Case({"pk": town.assessment.pk}, of_lead(town))


@case("assessment")
def assessment_seat(world: World) -> Case:
    town = town_at(world, "scoring")
    return Case({"pk": town.members[0].pk}, {**of_lead(town), "expert": town.reviewers[0]})


@case("assessment")
def assessment_review(world: World) -> Case:
    town = town_at(world, "scoring")
    review = town.members[1].reviews.first()
    score = review.scores.create(criterion=town.assessment.criteria.first(), points=1)
    return Case({"pk": review.pk, "score": score.pk}, {**of_lead(town), "expert": town.actor_of(review.member)})


@case("assessment")
def assessment_defence(world: World) -> Case:
    town = town_at(world, "defence")
    return Case({"pk": town.assessment.pk}, of_lead(town))


@case("assessment")
def assessment_slot(world: World) -> Case:
    town = town_at(world, "defence")
    return Case({"pk": town.assessment.defence.slots.first().pk}, of_lead(town))


@case("assessment")
def assessment_phone(world: World) -> Case:
    town = town_at(world, "defence")
    values = {"pk": town.members[0].pk, "slot": town.assessment.defence.slots.first().pk}
    return Case(values, {"expert": town.actor_of(town.members[0])})


@case("assessment")
def assessment_own(world: World) -> Case:
    application = town_at(world, "defence").applications[0]
    return Case({"key": application.pk}, organization_of(application.body))


@case("assessment")
def assessment_proposed(world: World) -> Case:
    town = town_at(world, "proposed")
    return Case({"pk": town.assessment.pk}, of_lead(town))


@case("assessment")
def assessment_proposal(world: World) -> Case:
    town = town_at(world, "proposed")
    return Case({"pk": town.assessment.proposals.first().pk}, of_lead(town))


@case("assessment")
def assessment_joint(world: World) -> Case:
    town, other = assessment.joint_town()
    joint = {f"other_{role}": actor for role, actor in buyer_of(other.body).items()}
    return Case({"pk": town.assessment.pk}, {**of_lead(town), **joint})


@case("assessment")
def assessment_displayed(world: World) -> Case:
    town = town_at(world, "displayed")
    return Case({"pk": town.assessment.pk, "number": town.call.number}, of_lead(town))


@case("assessment")
def assessment_objection(world: World) -> Case:
    town = town_at(world, "displayed")
    row = town.assessment.objections.create(
        author_id=town.officer.user_id, text="金额有误。", made_at=clock.now(), due_on=clock.today()
    )
    return Case({"pk": row.pk}, of_lead(town))


# files


@case("award")
def bid_file(world: World) -> Case:
    """What is scored: the committee reads it."""
    return part_of_the_winning_bid(world, "technical")


@case("award")
def bid_evidence(world: World) -> Case:
    """What proves the eligibility: checked by the procuring parties, none of the committee's business."""
    return part_of_the_winning_bid(world, "evidence")


def part_of_the_winning_bid(world: World, purpose: str) -> Case:
    found = world.case("award")
    file = BidFile.objects.filter(bid=Award.objects.get(pk=found.values["pk"]).bid, purpose=purpose).first()
    return Case({"pk": file.file_id, "number": 1}, found.people)


@case("simple")
def evidence_file(world: World) -> Case:
    organization, found = registered()
    return Case({"pk": make_evidence(admin_of(organization), organization).file_id, "number": 1}, found.people)


# sponsorship


class NoTimePasses:
    """Deadlines come to the clock: a year has too few months for a call to close in each case."""

    @staticmethod
    def move_to(moment: datetime) -> None:
        due = Call.objects.filter(deadline=moment - timedelta(minutes=1))
        due.update(deadline=clock.now() - timedelta(seconds=1))


def sponsor_people(scene: sponsorship.Sponsored) -> dict[str, Actor]:
    return {**buyer_of(scene.people.body), "org_admin": scene.admin}


def agreement_case(scene: sponsorship.Sponsored, row: Agreement) -> Case:
    return Case({"pk": row.pk, "number": scene.call.number}, sponsor_people(scene))


@case("sponsorship")
def sponsored(world: World) -> Case:
    scene = sponsorship.sponsored_call()
    return Case({"pk": scene.call.pk, "number": scene.call.number}, buyer_of(scene.people.body))


@case("sponsorship")
def drafted_agreement(world: World) -> Case:
    scene = sponsorship.sponsored_call()
    return agreement_case(scene, sponsorship.draft(scene))


@case("sponsorship")
def submitted_agreement(world: World) -> Case:
    scene = sponsorship.sponsored_call()
    return agreement_case(scene, sponsorship.submitted(scene))


@case("sponsorship")
def offered_agreement(world: World) -> Case:
    scene = sponsorship.sponsored_call()
    return agreement_case(scene, sponsorship.offered(scene))


@case("sponsorship")
def signed_agreement(world: World) -> Case:
    scene = sponsorship.sponsored_call()
    row = sponsorship.signed(scene)
    return Case({"pk": row.pk, "code": scene.sponsor.sponsor_profile.code}, sponsor_people(scene))


@case("sponsorship")
def called_agreement(world: World) -> Case:
    scene = sponsorship.sponsored_call()
    row = sponsorship.called(scene, NoTimePasses)
    session = CheckoutSession.objects.create(
        agreement=row,
        key=f"checkout-{row.pk}",
        session_id=f"cs_{row.pk}",
        url="https://checkout.example/",
        amount=row.to_pay,
        currency="CNY",
        made_by_id=scene.admin.user_id,
        made_at=clock.now(),
        expires_at=clock.machine_now(),
    )
    return Case({"pk": row.pk, "visit": session.pk}, sponsor_people(scene))


def sponsor_payment(*, fits: bool) -> tuple[sponsorship.Sponsored, Payment]:
    scene = sponsorship.sponsored_call()
    row = sponsorship.called(scene, NoTimePasses)
    amount = row.to_pay if fits else row.to_pay - 1
    arrival = Arrival("bank", f"{scene.people.body.pk}:{row.number}", amount, "CNY", clock.now(), method="bank")
    payment = book_arrival(agreement_id=row.pk, arrival=arrival)
    assert payment.state == (PaymentState.BOOKED if fits else PaymentState.HELD)
    return scene, payment


@case("sponsorship")
def paid_agreement(world: World) -> Case:
    scene, payment = sponsor_payment(fits=True)
    return Case({"pk": payment.agreement_id}, sponsor_people(scene))


@case("sponsorship")
def held_payment(world: World) -> Case:
    scene, payment = sponsor_payment(fits=False)
    return Case({"pk": payment.pk}, sponsor_people(scene))


@case("sponsor money")
def asked_refund(world: World) -> Case:
    scene, payment = sponsor_payment(fits=True)
    row = refunds.ask_refund(actor=scene.people.finance, payment_id=payment.pk, amount=payment.amount, reason="终止")
    return Case({"pk": row.pk}, sponsor_people(scene))


@case("sponsor money")
def sponsor_dispute(world: World) -> Case:
    scene, payment = sponsor_payment(fits=True)
    row = Dispute.objects.create(
        payment=payment, external_id=f"dp_{payment.pk}", amount=payment.amount, status="needs_response",
        opened_at=clock.now(),
    )  # fmt: skip
    return Case({"pk": row.pk}, sponsor_people(scene))


@case("sponsor money")
def sponsor_pot(world: World) -> Case:
    scene, payment = sponsor_payment(fits=True)
    return Case({"pk": scene.pot().pk}, sponsor_people(scene))


def open_bank_line() -> tuple[sponsorship.Sponsored, int]:
    scene = sponsorship.sponsored_call()
    row = sponsorship.called(scene, NoTimePasses)
    text = f"交易日期,交易流水号,贷方发生额,对方户名,附言\n2026-06-20,F{row.pk},10.00,某公司,无编号\n"
    statement = statements.import_statement(actor=scene.people.finance, name="a.csv", content=text.encode())
    return scene, statement.lines.get().pk


@case("sponsor money")
def bank_line(world: World) -> Case:
    scene, pk = open_bank_line()
    return Case({"pk": pk}, buyer_of(scene.people.body))


@case("sponsor money")
def proposed_line(world: World) -> Case:
    scene, pk = open_bank_line()
    statements.propose_line(actor=scene.people.finance, line_id=pk, agreement_id=None, reason="房租")
    return Case({"pk": pk, "way": "right"}, buyer_of(scene.people.body))


@case("sponsorship")
def stripe_event(world: World) -> Case:
    row = WebhookEvent.objects.create(
        payload="{}", sha256="0" * 64, source="webhook", received_at=clock.machine_now(), market_at=clock.now(),
        state="refused",
    )  # fmt: skip
    return Case({"pk": row.pk})
