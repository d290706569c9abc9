"""What is due for an actor here. One function for each object, used by its page and by the workspace alike."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.documents.models import Signature
from marketplace.ventures.models import Grant
from marketplace.web.tasks import Task, Urgency, register

from .models import (
    ChangeRequest,
    ChangeStatus,
    Contract,
    ContractStatus,
    Disbursement,
    DisbursementStatus,
    Evaluation,
    EvaluationStatus,
    Milestone,
    MilestoneStatus,
    Payback,
    PaybackStatus,
)
from .permissions import (
    can_accept_milestone,
    can_answer_evaluation,
    can_answer_payback,
    can_approve_first,
    can_approve_second,
    can_assign_evaluation,
    can_edit_contract,
    can_evaluate,
    can_explain_disbursement,
    can_publish_contract,
    can_record_payment,
    can_report_milestone,
    can_request_disbursement,
    can_sign_contract,
)
from .selectors import all_accepted, awards_to_contract, grants_to_contract, has_evaluation

MOST = 50


def register_all() -> None:
    for source in (award_tasks, contract_tasks, milestone_tasks, disbursement_tasks, evaluation_tasks):
        register(source)
    register(grant_tasks, among=grants_waiting)
    register(stage_tasks, among=stages_waiting)
    register(change_tasks, among=changes_waiting)
    register(payback_tasks, among=paybacks_waiting)


def _of(contract: Contract) -> str:
    return contract.title


# contracts


def award_tasks(actor: Actor) -> Iterable[Task]:
    if not actor.has(Role.OFFICER):
        return []
    return [
        Task(
            _("Draft the contract: %(title)s") % {"title": award.lot.title},
            _("Within 30 days of the award letter, as tendered and bid."),
            None,
            "R-CON-01",
            reverse("contracts:contract-list"),
            Urgency.SOON,
            _("Start"),
        )
        for award in awards_to_contract(actor.body_id)
    ]


def grants_waiting(actor: Actor) -> QuerySet[Grant] | None:
    return grants_to_contract(actor.body_id) if actor.has(Role.OFFICER) else None


def grant_tasks(actor: Actor) -> Iterable[Task]:
    """Grants without an agreement."""
    for grant in grants_waiting(actor) or ():
        yield Task(
            _("Draft the agreement: %(title)s") % {"title": grant.application.title},
            _("From the call and the application; then both sides sign."),
            None,
            "R-VENT-01",
            reverse("contracts:contract-list"),
            Urgency.SOON,
            _("Start"),
        )


def contract_tasks(actor: Actor) -> Iterable[Task]:
    if actor.body_id is None or not actor.has(Role.OFFICER, Role.APPROVER, Role.ORG_ADMIN):
        return []
    waiting = Q(status__in=(ContractStatus.DRAFT, ContractStatus.SIGNING, ContractStatus.SIGNED)) | Q(
        filed_at=None, file_due__isnull=False
    )
    contracts = list(
        Contract.objects.visible_to(actor)
        .alias(is_done=all_accepted(), is_looked_at=has_evaluation())
        .annotate(to_evaluate=Q(buyer_id=actor.body_id, published_at__isnull=False, is_done=True, is_looked_at=False))
        .filter(waiting | Q(to_evaluate=True))
        .with_parties()[:MOST]
    )
    signed = signed_by(actor, contracts)
    found = [contract_task(actor, contract, is_signed=contract.pk in signed) for contract in contracts]
    found += [assignment_task(actor, contract) for contract in contracts if contract.to_evaluate]  # type: ignore[attr-defined]
    return [task for task in found if task]


def assignment_task(actor: Actor, contract: Contract) -> Task | None:
    """All work accepted and nobody evaluates it yet: the buyer's officer chooses an evaluator (R-GPS-09, R-LOT-07)."""
    if not can_assign_evaluation(actor, contract):
        return None
    return Task(
        _("Have it evaluated: %(title)s") % {"title": contract.title},
        _("All milestones are accepted. Assign an evaluator who is independent of both sides."),
        None,
        "R-LOT-07" if contract.is_lottery else "R-GPS-09",
        reverse("contracts:evaluation-assign", args=[contract.pk]),
        Urgency.SOON,
        _("Choose the evaluator"),
    )


def signed_by(actor: Actor, contracts: list[Contract]) -> set[int]:
    """Contracts whose present text the actor's body has signed."""
    proposed = {f"contracts.contract:{c.pk}": c for c in contracts if c.status == ContractStatus.SIGNING}
    if not proposed:
        return set()
    rows = Signature.objects.filter(
        document__kind="contract", document__subject__in=proposed, body_id=actor.body_id
    ).values_list("document__subject", "signed_at")
    return {
        proposed[subject].pk
        for subject, signed_at in rows
        if proposed[subject].proposed_at and signed_at >= proposed[subject].proposed_at  # type: ignore[operator]
    }


def contract_task(actor: Actor, contract: Contract, *, is_signed: bool = False) -> Task | None:
    """The actor's next step with a contract's text; None when it is another's turn."""
    page = reverse("contracts:contract-detail", args=[contract.pk])
    may_edit, may_sign = can_edit_contract(actor, contract), can_sign_contract(actor, contract)
    if contract.status == ContractStatus.DRAFT and may_edit:
        return Task(
            _("Finish the contract's text: %(title)s") % {"title": _of(contract)},
            contract.return_reason or _("Then hand it to both sides for signing."),
            contract.sign_due,
            "R-VENT-01" if contract.is_grant else "R-CON-01",
            page,
            action=_("Go on"),
        )
    if contract.status == ContractStatus.SIGNING and may_sign and not is_signed:
        return Task(
            _("Sign the contract: %(title)s") % {"title": _of(contract)},
            _("%(amount)s yuan; read the text, then confirm with a one-time code.")
            % {"amount": f"{contract.amount:,.2f}"},
            contract.sign_due,
            "R-VENT-01" if contract.is_grant else "R-CON-01",
            reverse("contracts:contract-sign", args=[contract.pk]),
            action=_("Sign"),
        )
    if contract.status == ContractStatus.SIGNED and can_publish_contract(actor, contract):
        return Task(
            _("Publish the contract: %(title)s") % {"title": _of(contract)},
            _("Within two working days of signing; personal data are masked."),
            contract.publish_due,
            "R-VENT-05" if contract.is_grant else "R-CON-02",
            page,
            action=_("Publish"),
        )
    if contract.file_due and contract.filed_at is None and may_edit:
        return Task(
            _("File a copy of the contract: %(title)s") % {"title": _of(contract)},
            _("With the finance department, within seven working days of signing."),
            contract.file_due,
            "R-CON-03",
            reverse("contracts:contract-file", args=[contract.pk]),
            action=_("Enter the number"),
        )
    return None


# milestones


def milestone_tasks(actor: Actor) -> Iterable[Task]:
    if actor.body_id is None or not actor.has(Role.OFFICER, Role.REPORTER, Role.ORG_ADMIN):
        return []
    milestones = (
        Milestone.objects.filter(contract__status=ContractStatus.ACTIVE)
        .filter(
            Q(contract__supplier_id=actor.body_id)
            | Q(contract__buyer_id=actor.body_id, status=MilestoneStatus.REPORTED)
            | Q(contract__award__lot__tender__agency_id=actor.body_id, status=MilestoneStatus.REPORTED)
        )
        .select_related("contract__award__lot__tender")
        .annotate(is_asked_for=Exists(Disbursement.objects.counted().filter(milestone=OuterRef("pk"))))
        .order_by("due_on")[:MOST]
    )
    found = (milestone_task(actor, milestone, is_asked_for=milestone.is_asked_for) for milestone in milestones)
    return _first_of_each([task for task in found if task])


def _first_of_each(tasks: list[Task]) -> list[Task]:
    """Only the next milestone of each contract is to be reported; later ones wait for their turn."""
    seen: set[str] = set()
    kept = []
    for task in tasks:
        if task.rule_id == "R-GPS-09":
            contract = task.url.split("/milestones/")[0]
            if contract in seen:
                continue
            seen.add(contract)
        kept.append(task)
    return kept


def milestone_task(actor: Actor, milestone: Milestone, *, is_asked_for: bool) -> Task | None:
    contract = milestone.contract
    place = [contract.pk, milestone.position]
    name = {"title": contract.title, "milestone": milestone.name}
    to_report = milestone.status in (MilestoneStatus.PENDING, MilestoneStatus.RETURNED)
    if to_report and can_report_milestone(actor, contract):
        return Task(
            _("Report: %(title)s, %(milestone)s") % name,
            _("Returned by the buyer; add what is missing.")
            if milestone.status == MilestoneStatus.RETURNED
            else milestone.deliverable,
            milestone.due_on,
            "R-GPS-09",
            reverse("contracts:milestone-report", args=place),
            action=_("Report"),
        )
    if milestone.status == MilestoneStatus.REPORTED and can_accept_milestone(actor, contract):
        return Task(
            _("Accept or return: %(title)s, %(milestone)s") % name,
            _("With service users present; the result is published."),
            None,
            "R-CON-14",
            reverse("contracts:milestone-detail", args=place),
            Urgency.SOON,
            _("Look at the report"),
        )
    is_payable = milestone.status == MilestoneStatus.ACCEPTED and milestone.amount and not is_asked_for
    if is_payable and can_request_disbursement(actor, contract):
        return Task(
            _("Ask for the money: %(title)s, %(milestone)s") % name,
            _("%(amount)s yuan, with an invoice.") % {"amount": f"{milestone.amount:,.2f}"},
            None,
            "R-CON-10",
            reverse("contracts:disbursement-request", args=place),
            Urgency.SOON,
            _("Ask for payment"),
        )
    return None


# stages, changes and pay-back of grants


def stages_waiting(actor: Actor) -> QuerySet[Milestone] | None:
    """Proposed as not passed, for a second officer."""
    if actor.body_id is None or not actor.has(Role.APPROVER):
        return None
    rows = Milestone.objects.filter(
        contract__buyer_id=actor.body_id, contract__status=ContractStatus.ACTIVE, fail_proposed_at__isnull=False
    )
    return rows.exclude(fail_proposed_by_id=actor.user_id).select_related("contract")


def stage_tasks(actor: Actor) -> Iterable[Task]:
    for milestone in stages_waiting(actor) or ():
        yield Task(
            _("Decide: not passed? %(title)s, %(milestone)s")
            % {"title": milestone.contract.title, "milestone": milestone.name},
            milestone.fail_reason,
            None,
            "R-VENT-10",
            reverse("contracts:stage-decide", args=[milestone.contract_id, milestone.position]),
            Urgency.NOW,
            _("Decide"),
        )


def changes_waiting(actor: Actor) -> QuerySet[ChangeRequest] | None:
    """For the officer to decide, for the second officer to confirm."""
    if actor.body_id is None or not actor.has(Role.OFFICER, Role.APPROVER):
        return None
    mine = Q(status=ChangeStatus.ASKED) if actor.has(Role.OFFICER) else Q(pk=None)
    if actor.has(Role.APPROVER):
        mine |= Q(status=ChangeStatus.CONFIRMING) & ~Q(decided_by_id=actor.user_id)
    return ChangeRequest.objects.filter(mine, contract__buyer_id=actor.body_id).select_related("contract")


def change_tasks(actor: Actor) -> Iterable[Task]:
    for change in changes_waiting(actor) or ():
        is_asked = change.status == ChangeStatus.ASKED
        yield Task(
            _("Change of an agreement: %(title)s") % {"title": change.contract.title},
            f"{change.get_kind_display()} · {change.reason}",
            None,
            "R-VENT-16",
            reverse("contracts:change-decide" if is_asked else "contracts:change-confirm", args=[change.pk]),
            Urgency.SOON,
            _("Decide"),
        )


def paybacks_waiting(actor: Actor) -> QuerySet[Payback] | None:
    """To be answered by the organization, decided by a second officer, received by finance."""
    if actor.body_id is None:
        return None
    mine = Q(pk=None)
    if actor.has(Role.ORG_ADMIN):
        mine |= Q(contract__supplier_id=actor.body_id, status__in=(PaybackStatus.PROPOSED, PaybackStatus.DEMANDED))
    if actor.has(Role.APPROVER):
        heard = Q(status=PaybackStatus.HEARD) | Q(status=PaybackStatus.PROPOSED, answer_due__lt=clock.now())
        mine |= Q(heard, contract__buyer_id=actor.body_id) & ~Q(proposed_by_id=actor.user_id)
    if actor.has(Role.FINANCE):
        mine |= Q(contract__buyer_id=actor.body_id, status=PaybackStatus.DEMANDED)
    return Payback.objects.filter(mine).select_related("contract")


def payback_tasks(actor: Actor) -> Iterable[Task]:
    for row in paybacks_waiting(actor) or ():
        yield payback_task(actor, row)


def payback_task(actor: Actor, row: Payback) -> Task:
    name = {"title": row.contract.title, "amount": f"{row.amount:,.2f}"}
    page = reverse("contracts:contract-detail", args=[row.contract_id]) + "#payback"
    if row.status == PaybackStatus.DEMANDED:
        title = _("Money to be paid back: %(title)s, %(amount)s yuan") % name
        return Task(title, row.reason, row.due_on, "R-VENT-10", page, action=_("Look at it"))
    if can_answer_payback(actor, row):
        title = _("Answer the proposal of a pay-back: %(title)s, %(amount)s yuan") % name
        url = reverse("contracts:payback-answer", args=[row.pk])
        return Task(title, row.reason, row.answer_due, "R-VENT-10", url, action=_("Answer the proposal"))
    title = _("Decide on a pay-back: %(title)s, %(amount)s yuan") % name
    url = reverse("contracts:payback-decide", args=[row.pk])
    return Task(title, row.reason, None, "R-VENT-10", url, Urgency.SOON, _("Decide"))


# payments


def disbursement_tasks(actor: Actor) -> Iterable[Task]:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE):
        return []
    requests = (
        Disbursement.objects.visible_to(actor)
        .open()
        .select_related("milestone__contract__supplier")
        .annotate(
            compared=Count("checks"), doubts=Count("checks", filter=Q(checks__passed=False, checks__explanation=""))
        )
        .order_by("pay_due")[:MOST]
    )
    found = (
        disbursement_task(actor, request, compared=request.compared, doubts=request.doubts) for request in requests
    )
    return [task for task in found if task]


def disbursement_task(actor: Actor, disbursement: Disbursement, *, compared: int, doubts: int) -> Task | None:
    status, page = disbursement.status, reverse("contracts:disbursement-detail", args=[disbursement.pk])
    who = (
        f"{disbursement.milestone.contract.supplier.name} · {disbursement.milestone.name} · {disbursement.amount:,.2f}"
    )
    counted = _("%(checks)d comparisons, %(doubts)d doubts open") % {"checks": compared, "doubts": doubts}
    if status == DisbursementStatus.REQUESTED and doubts and can_explain_disbursement(actor, disbursement):
        title, action = _("Explain a doubt: %(who)s"), _("Look at the comparison")
    elif status == DisbursementStatus.REQUESTED and not doubts and can_approve_first(actor, disbursement):
        title, action = _("Approve the payment: %(who)s"), _("Look at the comparison")
    elif status == DisbursementStatus.FIRST_APPROVED and can_approve_second(actor, disbursement):
        title, action = _("Second approval: %(who)s"), _("Look at the comparison")
    elif status == DisbursementStatus.APPROVED and can_record_payment(actor, disbursement):
        title, action = _("Pay and record: %(who)s"), _("Record the payment")
    else:
        return None
    return Task(title % {"who": who}, counted, disbursement.pay_due, "R-VENT-15", page, action=action)


# evaluations


def evaluation_tasks(actor: Actor) -> Iterable[Task]:
    if actor.body_id is None or not actor.has(Role.EVALUATOR, Role.ORG_ADMIN, Role.REPORTER):
        return []
    evaluations = (
        Evaluation.objects.visible_to(actor)
        .exclude(status__in=(EvaluationStatus.FINAL, EvaluationStatus.DECLINED))
        .select_related("contract")[:MOST]
    )
    found = (evaluation_task(actor, evaluation) for evaluation in evaluations)
    return [task for task in found if task]


def evaluation_task(actor: Actor, evaluation: Evaluation) -> Task | None:
    page = reverse("contracts:evaluation-detail", args=[evaluation.pk])
    name = {"title": evaluation.contract.title}
    may = can_evaluate(actor, evaluation)
    if evaluation.status == EvaluationStatus.ASSIGNED and may:
        return Task(
            _("Declare or decline: %(title)s") % name,
            _("First say whether there is a conflict of interest."),
            None,
            "R-PERF-03",
            page,
            Urgency.SOON,
            _("Declare"),
        )
    if evaluation.status == EvaluationStatus.DECLARED and may:
        return Task(
            _("Evaluate: %(title)s") % name,
            _("Score the indicators and hand the draft to the organization."),
            None,
            "R-PERF-02",
            reverse("contracts:evaluation-score", args=[evaluation.pk]),
            Urgency.SOON,
            _("Score"),
        )
    if evaluation.status == EvaluationStatus.DRAFTED and can_answer_evaluation(actor, evaluation):
        return Task(
            _("Answer the evaluation: %(title)s") % name,
            _("Your answer is printed in the report; afterwards it becomes final without one."),
            evaluation.answer_due,
            "R-PERF-03",
            reverse("contracts:evaluation-answer", args=[evaluation.pk]),
            action=_("Answer the draft"),
        )
    if evaluation.status == EvaluationStatus.ANSWERED and may:
        return Task(
            _("Finish the evaluation: %(title)s") % name,
            _("The organization has answered: reply and make the report final."),
            None,
            "R-PERF-01",
            page,
            Urgency.SOON,
            _("Finish"),
        )
    return None
