"""The tables of the room: contract, milestone, report, disbursement, evaluation."""

from django.utils.translation import gettext_lazy as _

from marketplace.lifecycle.engine import Lifecycle, Transition

from .models import (
    ChangeStatus as H,
    ContractStatus as C,
    DisbursementStatus as D,
    EvaluationStatus as E,
    MilestoneStatus as M,
    PaybackStatus as P,
    ReportStatus as R,
)

CONTRACT = Lifecycle(
    "contract",
    (
        Transition("propose", (C.DRAFT,), C.SIGNING, _("Hand over for signing"), who="officer"),
        Transition("take_back", (C.SIGNING,), C.DRAFT, _("Take back for correction"), who="officer"),
        Transition("sign", (C.SIGNING,), C.SIGNED, _("Sign by both sides"), who="approver and administrator"),
        Transition("publish", (C.SIGNED,), C.ACTIVE, _("Publish the contract"), who="approver"),
        Transition("complete", (C.ACTIVE,), C.COMPLETED, _("Complete"), who="system"),
        Transition("end", (C.ACTIVE,), C.ENDED, _("End early"), who="approver or system"),
    ),
)

MILESTONE = Lifecycle(
    "milestone",
    (
        Transition("report", (M.PENDING, M.RETURNED), M.REPORTED, _("Hand in the report"), who="reporter"),
        Transition("return", (M.REPORTED,), M.RETURNED, _("Return with a reason"), who="officer"),
        Transition("accept", (M.REPORTED,), M.ACCEPTED, _("Accept the work"), who="officer"),
        Transition("begin", (M.PENDING,), M.ACCEPTED, _("Agreement in force"), who="system"),
        Transition("fail", (M.PENDING, M.REPORTED, M.RETURNED), M.FAILED, _("Not passed"), who="approver or system"),
    ),
)

REPORT = Lifecycle(
    "report",
    (
        Transition("submit", (R.DRAFT,), R.SUBMITTED, _("Hand in"), who="reporter"),
        Transition("return", (R.SUBMITTED,), R.RETURNED, _("Return with a reason"), who="officer"),
        Transition("accept", (R.SUBMITTED,), R.ACCEPTED, _("Accept the work"), who="officer"),
    ),
)

DISBURSEMENT = Lifecycle(
    "disbursement",
    (
        Transition("approve_first", (D.REQUESTED,), D.FIRST_APPROVED, _("First approval"), who="approver"),
        Transition("approve_second", (D.FIRST_APPROVED,), D.APPROVED, _("Second approval"), who="finance"),
        Transition(
            "return",
            (D.REQUESTED, D.FIRST_APPROVED, D.APPROVED),
            D.RETURNED,
            _("Return with a reason"),
            who="approver or finance",
        ),
        Transition("pay", (D.APPROVED,), D.PAID, _("Record the payment"), who="finance"),
    ),
)

EVALUATION = Lifecycle(
    "evaluation",
    (
        Transition("declare", (E.ASSIGNED,), E.DECLARED, _("Declare no conflict"), who="evaluator"),
        Transition("decline", (E.ASSIGNED, E.DECLARED), E.DECLINED, _("Decline"), who="evaluator"),
        Transition("draft", (E.DECLARED,), E.DRAFTED, _("Hand the draft over"), who="evaluator"),
        Transition("answer", (E.DRAFTED,), E.ANSWERED, _("Answer the draft"), who="administrator"),
        Transition("finalize", (E.DRAFTED, E.ANSWERED), E.FINAL, _("Make final and publish"), who="evaluator"),
    ),
)

CHANGE = Lifecycle(
    "change",
    (
        Transition("approve", (H.ASKED,), H.APPROVED, _("Approve"), who="officer"),
        Transition("forward", (H.ASKED,), H.CONFIRMING, _("Approve, above a tenth"), who="officer"),
        Transition("refuse", (H.ASKED,), H.REFUSED, _("Refuse"), who="officer"),
        Transition("confirm", (H.CONFIRMING,), H.APPROVED, _("Confirm"), who="approver"),
        Transition("reject", (H.CONFIRMING,), H.REFUSED, _("Refuse"), who="approver"),
    ),
)

PAYBACK = Lifecycle(
    "payback",
    (
        Transition("answer", (P.PROPOSED,), P.HEARD, _("Answer the proposal"), who="administrator"),
        Transition("confirm", (P.PROPOSED, P.HEARD), P.DEMANDED, _("Demand back"), who="approver"),
        Transition("drop", (P.PROPOSED, P.HEARD), P.DROPPED, _("Drop"), who="approver"),
        Transition("settle", (P.DEMANDED,), P.SETTLED, _("Paid back in full"), who="finance"),
    ),
)

TABLES = (CONTRACT, MILESTONE, REPORT, DISBURSEMENT, EVALUATION, CHANGE, PAYBACK)
