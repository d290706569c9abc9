"""The tables of the room: a call until its closing, papers that change it, applications, the assessment."""

from django.utils.translation import gettext_lazy as _

from marketplace.lifecycle.engine import Lifecycle, Transition

from .guards import call_stands
from .models import ApplicationStatus as A, AssessmentStatus as S, CallPaperStatus as P, CallStatus as C

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

APPLICATION = Lifecycle(
    "application",
    (
        Transition("submit", (A.DRAFT, A.SUBMITTED), A.SUBMITTED, _("Hand in"), who="bidder"),
        Transition("withdraw", (A.SUBMITTED,), A.WITHDRAWN, _("Withdraw"), who="bidder"),
        Transition("reopen", (A.WITHDRAWN,), A.DRAFT, _("Write on"), who="bidder"),
        Transition("ask_correction", (A.SUBMITTED,), A.CORRECTION, _("Ask for a correction"), who="officer"),
        Transition("correct", (A.CORRECTION,), A.SUBMITTED, _("Hand in the correction"), who="bidder"),
        Transition("accept", (A.SUBMITTED,), A.ACCEPTED, _("Pass"), who="officer"),
        Transition("improve", (A.ACCEPTED,), A.ACCEPTED, _("Hand in an improved version"), who="bidder"),
        Transition("reject", (A.SUBMITTED, A.CORRECTION), A.REJECTED, _("Do not pass"), who="officer"),
        Transition("grant", (A.ACCEPTED,), A.GRANTED, _("Fund"), who="approver"),
        Transition("leave_out", (A.ACCEPTED,), A.UNFUNDED, _("Do not fund"), who="approver"),
    ),
)

STANDS = (call_stands,)
ASSESSMENT = Lifecycle(
    "assessment",
    (
        Transition("score", (S.PREPARING,), S.SCORING, _("Begin the scoring"), who="officer", guards=STANDS),
        Transition("defend", (S.SCORING,), S.DEFENCE, _("Draw the defence day"), who="officer", guards=STANDS),
        Transition(
            "deliberate",
            (S.SCORING, S.DEFENCE),
            S.DELIBERATION,
            _("Begin the deliberation"),
            who="officer",
            guards=STANDS,
        ),
        Transition("propose", (S.DELIBERATION,), S.PROPOSED, _("Hand in the decision"), who="officer", guards=STANDS),
        Transition("return", (S.PROPOSED,), S.DELIBERATION, _("Return with a reason"), who="approver", guards=STANDS),
        Transition("display", (S.PROPOSED,), S.DISPLAYED, _("Approve and display"), who="approver", guards=STANDS),
        Transition(
            "take_back", (S.DISPLAYED,), S.DELIBERATION, _("Take the decision back"), who="approver", guards=STANDS
        ),
        Transition("confirm", (S.DISPLAYED,), S.CONFIRMED, _("Confirm the grants"), who="approver", guards=STANDS),
    ),
)

TABLES = (CALL, CALL_PAPER, APPLICATION, ASSESSMENT)
