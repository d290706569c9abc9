"""The tables of the room: a call until its closing, papers that change it."""

from django.utils.translation import gettext_lazy as _

from marketplace.lifecycle.engine import Lifecycle, Transition

from .models import CallPaperStatus as P, CallStatus as C

CALL = Lifecycle(
    "call",
    (
        Transition("submit", (C.DRAFT,), C.SUBMITTED, _("Submit for approval"), who="officer"),
        Transition("return", (C.SUBMITTED,), C.DRAFT, _("Return with a reason"), who="approver"),
        Transition("publish", (C.SUBMITTED,), C.PUBLISHED, _("Publish"), who="approver"),
        Transition("close", (C.PUBLISHED,), C.CLOSED, _("Close at the deadline"), who="system"),
        Transition("terminate", (C.PUBLISHED, C.CLOSED), C.TERMINATED, _("Terminate"), who="approver"),
    ),
)

CALL_PAPER = Lifecycle(
    "call_paper",
    (
        Transition("return", (P.SUBMITTED,), P.RETURNED, _("Return with a reason"), who="approver"),
        Transition("resubmit", (P.RETURNED,), P.SUBMITTED, _("Submit again"), who="officer"),
        Transition("withdraw", (P.SUBMITTED, P.RETURNED), P.WITHDRAWN, _("Withdraw"), who="officer"),
        Transition("publish", (P.SUBMITTED,), P.PUBLISHED, _("Publish"), who="approver"),
    ),
)

TABLES = (CALL, CALL_PAPER)
