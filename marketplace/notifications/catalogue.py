"""All kinds of messages in one place: what each says, and nothing about who gets it (that is `handlers`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """Title and text are %-formats filled with the facts that `notify` is given, in the person's language."""

    title: Any
    text: Any


KINDS: dict[str, Kind] = {
    # planning
    "list-submitted": Kind(
        _("Please check the purchase list of %(year)s"),
        _("%(name)s has submitted the list. A second person publishes it."),
    ),
    "intention-submitted": Kind(
        _("Please check an intention notice: %(title)s"),
        _("It waits for a second person. An intention is published at least 30 days before the tender (R-PLAN-03)."),
    ),
    # tender
    "tender-submitted": Kind(
        _("Please check and publish: %(title)s"),
        _("%(name)s has submitted the tender. A second person checks and publishes it, or returns it with a reason."),
    ),
    "tender-returned": Kind(_("Returned: %(title)s"), _("The second officer returned the tender: %(reason)s")),
    "tender-published": Kind(
        _("Published: %(title)s"),
        _("Project number %(number)s. Bids are received until %(deadline)s, inclusive."),
    ),
    "documents-corrected": Kind(
        _("Correction: %(title)s"),
        _(
            "%(subject)s has been corrected. Bids are received until %(deadline)s. The correction "
            "notice shows both texts."
        ),
    ),
    "paper-submitted": Kind(
        _("Please check: %(title)s"),
        _("A correction or a termination of this tender waits for a second person; the days are counted anew."),
    ),
    "deadline-near": Kind(
        _("Bids close soon: %(title)s"),
        _("Bids are received until %(deadline)s, inclusive, by the marketplace's clock (R-TIME-07)."),
    ),
    "answer-due-soon": Kind(
        _("A question still waits: %(title)s"),
        _("It is to be answered by %(due)s (R-OBJ-01)."),
    ),
    "extension-offered": Kind(
        _("Fewer than three took the documents: %(title)s"),
        _("The period for documents has ended; it may be extended, with a notice (R-TENDER-04)."),
    ),
    "intention-matured": Kind(
        _("The tender may begin: %(title)s"),
        _("Thirty days have passed since the intention notice (R-PLAN-03)."),
    ),
    "tender-terminated": Kind(
        _("Terminated: %(title)s"),
        _("The procurement has been terminated. The notice gives the reason. Sealed bids stay closed."),
    ),
    "question-asked": Kind(
        _("A question about %(title)s"),
        _("It is to be answered by %(due)s (R-OBJ-01). The answer goes to all who took the documents."),
    ),
    "question-answered": Kind(_("An answer about %(title)s"), _("Question: %(question)s\n\nAnswer: %(answer)s")),
    # venture calls
    "call-submitted": Kind(
        _("Please check and publish: %(title)s"),
        _("%(name)s has submitted the call. A second person checks and publishes it, or returns it with a reason."),
    ),
    "call-to-confirm": Kind(
        _("Please confirm as a joint funder: %(title)s"),
        _("The call has a pot of your body. It is published when every joint funder has confirmed it."),
    ),
    "call-confirmed": Kind(_("Confirmed by a joint funder: %(title)s"), _("%(body)s has confirmed the call.")),
    "call-returned": Kind(_("Returned: %(title)s"), _("The call was returned: %(reason)s")),
    "call-published": Kind(
        _("Published: %(title)s"),
        _("Call number %(number)s. Applications are taken until %(deadline)s, inclusive."),
    ),
    "call-closed": Kind(_("Closed: %(title)s"), _("The deadline has passed. The pre-review can begin.")),
    "call-paper-submitted": Kind(
        _("Please check: %(title)s"),
        _("A correction or the termination of this call waits for a second person."),
    ),
    "call-paper-returned": Kind(_("Returned: %(title)s"), _("The paper was returned: %(reason)s")),
    "call-corrected": Kind(
        _("Correction: %(title)s"),
        _("%(subject)s. Applications are taken until %(deadline)s. The notice shows both texts."),
    ),
    "call-terminated": Kind(_("Terminated: %(title)s"), _("The call has ended: %(reason)s")),
    "call-question-asked": Kind(
        _("A question about %(title)s"),
        _("The answer stands on the public page of the call, without the asker's name."),
    ),
    "call-question-answered": Kind(_("An answer about %(title)s"), _("Question: %(question)s\n\nAnswer: %(answer)s")),
    "application-submitted": Kind(
        _("Your application is in: %(title)s"),
        _(
            "Receipt %(receipt)s, received %(received)s. Until the deadline you may change it and hand it in again; "
            "the last version counts. SHA-256 of its content: %(sha256)s"
        ),
    ),
    "application-withdrawn": Kind(
        _("Withdrawn: %(title)s"),
        _("The application is not counted. You may write on and hand it in again until %(deadline)s."),
    ),
    "application-deadline": Kind(
        _("Not handed in yet: %(title)s"),
        _("Applications to %(call)s are taken until %(deadline)s, inclusive, by the marketplace's clock (R-TIME-07)."),
    ),
    "application-passed": Kind(
        _("Passed the pre-review: %(title)s"), _("The application goes on to the review. %(reason)s")
    ),
    "application-to-correct": Kind(
        _("Please correct: %(title)s"),
        _("Hand the correction in by %(due)s; it is asked for once. What has to be corrected: %(reason)s"),
    ),
    "application-not-passed": Kind(_("Not passed in the pre-review: %(title)s"), _("Reasons: %(reason)s")),
    "application-lapsed": Kind(
        _("No correction came in time: %(title)s"),
        _("The application is out, since no correction was handed in by the day that was set."),
    ),
    "application-corrected": Kind(
        _("A correction was handed in: %(title)s"),
        _("%(body)s has handed in the correction. It waits for your decision."),
    ),
    "application-improved": Kind(
        _("An improved version was handed in: %(title)s"),
        _(
            "Receipt %(receipt)s, received %(received)s. It is what the reviewers will read; the versions before it "
            "are kept beside it. SHA-256 of its content: %(sha256)s"
        ),
    ),
    # the assessment of venture calls
    "panel-invited": Kind(
        _("You are invited to a panel: %(title)s"),
        _("%(body)s asks you to score applications. Accept or decline on the page; first you see who applies."),
    ),
    "panel-answered": Kind(_("Answer of a reviewer: %(title)s"), _("%(name)s: %(answer)s.")),
    "scoring-begun": Kind(
        _("Please score: %(title)s"), _("Your applications are ready. The scores are due by %(until)s.")
    ),
    "review-reassigned": Kind(
        _("One more application to score: %(title)s"), _("It came to you from somebody else, due by %(until)s.")
    ),
    "scores-due": Kind(
        _("Scores are due: %(title)s"), _("%(count)s of your reviews are open. They are due by %(until)s.")
    ),
    "defence-slot": Kind(
        _("Your defence: %(title)s"),
        _("It begins at %(at)s, %(place)s, and takes %(minutes)s minutes. The order was drawn by lot."),
    ),
    "defence-day": Kind(
        _("Defence day: %(title)s"), _("It begins at %(at)s, %(place)s. You give your points on your phone.")
    ),
    "mentor-named": Kind(
        _("You coach: %(title)s"), _("Note each session on the page. The coaching ends at %(until)s.")
    ),
    "coached-by": Kind(
        _("A mentor for your application: %(title)s"),
        _("%(name)s coaches you. You may hand in an improved version until %(until)s; the first one stays beside it."),
    ),
    "decision-proposed": Kind(
        _("Please check the decision: %(title)s"), _("It waits for a second person, who approves it or returns it.")
    ),
    "decision-to-agree": Kind(
        _("Please agree to what your pots pay: %(title)s"), _("The result is displayed when every funder has agreed.")
    ),
    "decision-returned": Kind(_("Decision returned: %(title)s"), _("It was returned: %(reason)s")),
    "result-displayed": Kind(
        _("Result on display: %(title)s"),
        _("The result of «%(call)s» is on public display until %(until)s. Your scores and reasons stand on the page."),
    ),
    "result-objected": Kind(
        _("An objection to the result: %(title)s"), _("It is to be answered by %(due)s (R-VENT-02).")
    ),
    "result-objection-answered": Kind(_("Your objection was answered: %(title)s"), _("Answer: %(answer)s")),
    "result-objection-upheld": Kind(
        _("An objection was right: %(title)s"), _("The decision has to be taken back and displayed again.")
    ),
    "grant-confirmed": Kind(
        _("Your project is funded: %(title)s"),
        _(
            "Amount: %(amount)s yuan. Rank %(rank)s, total %(total)s.\n\nMeans: %(points)s\n\nReason: %(reason)s\n\n"
            "The agreement follows."
        ),
    ),
    "grant-refused": Kind(
        _("Your project is not funded: %(title)s"),
        _("Rank %(rank)s, total %(total)s.\n\nMeans: %(points)s\n\nReason: %(reason)s"),
    ),
    "seat-taken": Kind(
        _("You are signed up: %(title)s"),
        _("Briefing at %(starts)s, %(place)s, for %(people)s. If you cannot come, release the seat on the page."),
    ),
    "briefing-added": Kind(_("One more briefing: %(title)s"), _("It begins at %(starts)s, %(place)s.")),
    "briefing-cancelled": Kind(
        _("Briefing cancelled: %(title)s"),
        _("The briefing at %(starts)s does not take place: %(reason)s"),
    ),
    # bids and opening
    "bid-received": Kind(
        _("Your bid is in and sealed: %(title)s"),
        _("Receipt %(receipt)s, received at %(received)s. SHA-256 of the sealed bid: %(sha256)s. Keep this message."),
    ),
    "bid-withdrawn": Kind(
        _("Your bid has been withdrawn: %(title)s"),
        _("Receipt %(receipt)s no longer counts. You may bid again until the deadline."),
    ),
    "lot-closed": Kind(
        _("Closed, ready to open: %(title)s"),
        _(
            "The deadline has passed and the log's head is fixed. Two custodians now hand in their "
            "shares in the opening hall."
        ),
    ),
    "lot-void": Kind(
        _("Void: %(title)s"),
        _("%(reason)s The buyer may tender again; whoever took the documents is told."),
    ),
    "bids-opened": Kind(
        _("Opened: %(title)s"),
        _(
            "The prices have been read out. Please confirm or object until %(until)s; silence counts "
            "as acceptance (R-OPEN-04)."
        ),
    ),
    "opening-objection": Kind(
        _("An objection at the opening: %(title)s"),
        _("It is answered at once and recorded (R-OPEN-04)."),
    ),
    # eligibility, committee, scoring
    "bid-ineligible": Kind(
        _("Not eligible: %(title)s"),
        _("Your bid did not pass the eligibility check: %(reason)s"),
    ),
    "member-invited": Kind(
        _("Invitation to a review committee"),
        _(
            "You have been drawn as a reviewer. Please accept, or decline with a reason. Your "
            "membership is secret until the result notice (R-COMM-11)."
        ),
    ),
    "member-declined": Kind(
        _("A reviewer has declined: %(title)s"),
        _("The next expert in drawn order has been invited where there is one."),
    ),
    "scoring-open": Kind(
        _("Scoring is open: %(title)s"),
        _("Score each bid alone. Your scores are saved as you go and become final when you submit them."),
    ),
    "price-query": Kind(
        _("Please explain your price: %(title)s"),
        _(
            "Your price is clearly low. Explain it in writing until %(due)s (R-EVAL-17); without a "
            "convincing explanation the bid is invalid."
        ),
    ),
    "report-ready": Kind(
        _("Please sign the review report: %(title)s"),
        _("Read the report and sign it, or sign with your dissenting reasons (R-COMM-12)."),
    ),
    "report-signed": Kind(
        _("The review report is here: %(title)s"),
        _("Confirm the winner in ranking order by %(due)s (R-AWARD-02)."),
    ),
    # award, objections
    "award-proposed": Kind(
        _("Please decide the award: %(title)s"),
        _("%(name)s proposed the winner. A second person decides and publishes the result."),
    ),
    "award-won": Kind(
        _("Your bid has won: %(title)s"),
        _("The award letter is in your workspace. The contract is signed within 30 days (R-CON-01)."),
    ),
    "award-lost": Kind(
        _("Result: %(title)s"),
        _(
            "Your score is %(total)s, rank %(rank)s. The letter with the reasons is in your "
            "workspace. Objections are possible until %(until)s."
        ),
    ),
    "award-refused": Kind(
        _("The winner has refused: %(title)s"),
        _("The next candidate may be chosen, or the tender started anew (R-AWARD-09)."),
    ),
    "objection-submitted": Kind(
        _("An objection: %(title)s"),
        _("Objection %(number)s is to be answered in writing by %(due)s (R-OBJ-06)."),
    ),
    "objection-accepted": Kind(
        _("Your objection has been accepted: %(title)s"),
        _("Objection %(number)s will be answered in writing by %(due)s."),
    ),
    "objection-refused": Kind(
        _("Your objection was not accepted: %(title)s"),
        _("Objection %(number)s: %(reason)s"),
    ),
    "objection-answered": Kind(_("Answer to objection %(number)s"), _("%(answer)s")),
    "tender-suspended": Kind(
        _("Suspended by the supervisor: %(title)s"),
        _("%(reason)s Nothing goes on until the suspension is lifted."),
    ),
    "suspension-lifted": Kind(_("Suspension lifted: %(title)s"), _("The procedure goes on where it stood.")),
    # contract, reports, payments, evaluation
    "contract-to-sign": Kind(
        _("Please sign the contract: %(title)s"),
        _("Contract %(number)s is ready. It is to be signed by %(due)s (R-CON-01)."),
    ),
    "contract-signed": Kind(
        _("The contract is signed by both sides: %(title)s"),
        _("Contract %(number)s is to be published within two working days (R-CON-02)."),
    ),
    "contract-published": Kind(
        _("The contract is public: %(title)s"), _("Contract %(number)s. Milestones and payments are on its page.")
    ),
    "project-ended": Kind(_("Ended early: %(title)s"), _("%(reason)s No more is paid (R-VENT-10).")),
    "change-asked": Kind(_("A change to decide: %(title)s"), _("%(what)s: %(reason)s")),
    "change-decided": Kind(_("Your request for a change: %(title)s"), _("%(what)s, %(state)s: %(opinion)s")),
    "payback-proposed": Kind(
        _("Please answer: money to be paid back, %(title)s"),
        _("%(amount)s yuan: %(reason)s You may answer until %(due)s (R-VENT-10)."),
    ),
    "payback-demanded": Kind(
        _("Money is to be paid back: %(title)s"), _("%(amount)s yuan by %(day)s: %(reason)s (R-VENT-10)")
    ),
    "payback-settled": Kind(_("Paid back in full: %(title)s"), _("%(amount)s yuan.")),
    "report-submitted": Kind(
        _("A report to accept: %(title)s"),
        _(
            "%(milestone)s has been reported. Accept it with service users present, or return it "
            "with a reason (R-CON-14)."
        ),
    ),
    "report-returned": Kind(_("Your report was returned: %(title)s"), _("%(milestone)s: %(reason)s")),
    "report-accepted": Kind(
        _("Your report was accepted: %(title)s"),
        _("%(milestone)s is accepted. You may now request the payment."),
    ),
    "milestone-late": Kind(
        _("A milestone is late: %(title)s"),
        _("%(milestone)s was due on %(due)s and has not been reported."),
    ),
    "disbursement-requested": Kind(
        _("A payment to check: %(title)s"),
        _("%(amount)s yuan requested for %(milestone)s. The automatic comparison is done; two people approve."),
    ),
    "disbursement-first-approved": Kind(
        _("A payment waits for the second approval: %(title)s"),
        _("%(amount)s yuan for %(milestone)s."),
    ),
    "disbursement-approved": Kind(
        _("Approved for payment: %(title)s"),
        _("%(amount)s yuan for %(milestone)s is to be paid by %(due)s (R-CON-09)."),
    ),
    "disbursement-returned": Kind(_("Your payment request was returned: %(title)s"), _("%(reason)s")),
    "disbursement-paid": Kind(
        _("Paid: %(title)s"), _("%(amount)s yuan for %(milestone)s, bank reference %(reference)s.")
    ),
    "evaluation-assigned": Kind(
        _("An evaluation for you: %(title)s"),
        _("Declare first that there is no conflict of interest (R-PERF-03), then score the indicators."),
    ),
    "evaluation-draft": Kind(
        _("Evaluation draft for your answer: %(title)s"),
        _("Please answer until %(due)s; your answer is published with the report."),
    ),
    "evaluation-answered": Kind(_("The organization has answered: %(title)s"), _("Finish the evaluation report.")),
    "evaluation-final": Kind(_("Evaluated: %(title)s"), _("Grade: %(grade)s, %(total)s points. The report is public.")),
    # people and the place
    "expert-enrolled": Kind(
        _("You are in the expert register"),
        _(
            "Set your password with «Forgot password?» on the sign-in page, then add a second "
            "factor: you will sign reports with it."
        ),
    ),
    "finding-recorded": Kind(_("An audit finding to answer"), _("%(text)s")),
    "finding-answered": Kind(_("A finding has been answered"), _("%(text)s")),
    # sponsorship
    "agreement-submitted": Kind(
        _("Check an agreement: %(number)s"), _("%(sponsor)s promises %(amount)s yuan. A second person offers it.")
    ),
    "agreement-returned": Kind(_("Returned: agreement %(number)s"), _("What has to be changed: %(reason)s")),
    "agreement-offered": Kind(
        _("Sign the agreement %(number)s"),
        _("%(lead)s offers an agreement on %(amount)s yuan. Read the PDF and sign it with a one-time code."),
    ),
    "agreement-signed": Kind(
        _("Signed by both sides: %(number)s"),
        _("The promise of %(amount)s yuan stands. It is called in when the call has decided."),
    ),
    "agreement-called": Kind(
        _("Pay the agreement %(number)s"), _("%(amount)s yuan, until %(until)s, by bank transfer or online.")
    ),
    "payment-reminder": Kind(
        _("%(days)s days left to pay: %(number)s"),
        _("%(amount)s yuan, until %(until)s. What is not paid until then lapses."),
    ),
    "agreement-lapsed": Kind(
        _("Lapsed unpaid: %(number)s"),
        _("%(amount)s yuan did not come in until %(until)s. The promise has ended; see what is short."),
    ),
    "agreement-cancelled": Kind(_("Cancelled: agreement %(number)s"), _("Reason: %(reason)s")),
    "sponsor-paid": Kind(
        _("Payment booked: %(number)s"),
        _("%(amount)s yuan have come in. The receipt stands on the agreement's page."),
    ),
    "sponsor-payment-held": Kind(
        _("A payment waits: %(number)s"), _("%(amount)s have come in and cannot be booked: %(reason)s")
    ),
    "refund-asked": Kind(_("Approve a repayment: %(number)s"), _("%(amount)s yuan, because: %(reason)s")),
    "refund-done": Kind(_("Money has gone back: %(number)s"), _("%(amount)s yuan, because: %(reason)s")),
    "refund-failed": Kind(_("A repayment failed: %(number)s"), _("%(amount)s yuan are still here: %(reason)s")),
    "payment-disputed": Kind(
        _("A payment is disputed: %(number)s"),
        _("%(amount)s yuan, state %(status)s. Look into it and answer at the gateway in time."),
    ),
}
