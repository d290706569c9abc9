"""The tables of the room: a tender until its publication, each lot afterwards, papers that change them."""

from django.utils.translation import gettext_lazy as _

from marketplace.lifecycle.engine import Lifecycle, Transition

from .guards import not_suspended
from .models import LotStatus as L, PaperStatus as P, TenderStatus as T

MOVES = (not_suspended,)  # closing and voiding for lack of bids are facts of the clock: they happen all the same

TENDER = Lifecycle(
    "tender",
    (
        Transition("submit", (T.DRAFT,), T.SUBMITTED, _("Submit for approval"), who="officer", guards=MOVES),
        Transition("return", (T.SUBMITTED,), T.DRAFT, _("Return with a reason"), who="approver", guards=MOVES),
        Transition("publish", (T.SUBMITTED,), T.PUBLISHED, _("Publish"), who="approver", guards=MOVES),
        Transition("discard", (T.DRAFT,), T.DISCARDED, _("Discard the draft"), who="officer"),
        Transition("restore", (T.DISCARDED,), T.DRAFT, _("Take up the draft again"), who="officer"),
        Transition("terminate", (T.PUBLISHED,), T.TERMINATED, _("Terminate"), who="approver", guards=MOVES),
    ),
)

PAPER = Lifecycle(
    "paper",
    (
        Transition("return", (P.SUBMITTED,), P.RETURNED, _("Return with a reason"), who="approver"),
        Transition("resubmit", (P.RETURNED,), P.SUBMITTED, _("Submit again"), who="officer"),
        Transition("withdraw", (P.SUBMITTED, P.RETURNED), P.WITHDRAWN, _("Withdraw"), who="officer"),
        Transition("publish", (P.SUBMITTED,), P.PUBLISHED, _("Publish"), who="approver"),
    ),
)

BEFORE_AWARD = (L.OPEN, L.CLOSED, L.OPENED, L.ELIGIBILITY, L.REVIEW, L.CONSOLIDATED, L.REVIEWED)

LOT = Lifecycle(
    "lot",
    (
        Transition("open", (L.DRAFT,), L.OPEN, _("Open for bids"), who="approver", guards=MOVES),
        Transition("close", (L.OPEN,), L.CLOSED, _("Close at the deadline"), who="system"),
        Transition("void_few", (L.CLOSED,), L.VOID, _("Void: fewer than three bids"), who="system"),
        Transition("open_bids", (L.CLOSED,), L.OPENED, _("Open the bids"), who="custodian", guards=MOVES),
        Transition(
            "check_eligibility", (L.OPENED,), L.ELIGIBILITY, _("Check eligibility"), who="officer", guards=MOVES
        ),
        Transition("start_review", (L.ELIGIBILITY,), L.REVIEW, _("Start the review"), who="officer", guards=MOVES),
        Transition(
            "void_review", (L.ELIGIBILITY, L.REVIEW), L.VOID, _("Void in the review"), who="officer", guards=MOVES
        ),
        Transition("consolidate", (L.REVIEW,), L.CONSOLIDATED, _("Consolidate the scores"), who="expert", guards=MOVES),
        Transition("sign_off", (L.CONSOLIDATED,), L.REVIEWED, _("Sign the report"), who="expert", guards=MOVES),
        Transition("award", (L.REVIEWED,), L.AWARDED, _("Award"), who="approver", guards=MOVES),
        Transition("reaward", (L.AWARDED,), L.REVIEWED, _("Back to the next candidate"), who="approver", guards=MOVES),
        Transition(
            "void_award", (L.REVIEWED,), L.VOID, _("Void after a refusal or an objection"), who="officer", guards=MOVES
        ),
        Transition("contract", (L.AWARDED,), L.CONTRACTED, _("Conclude the contract"), who="approver", guards=MOVES),
        Transition("terminate", BEFORE_AWARD, L.TERMINATED, _("Terminate"), who="approver", guards=MOVES),
    ),
)
