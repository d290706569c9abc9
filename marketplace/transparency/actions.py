"""Words for what the log records: on timelines, on the workspace's home, on the public log.

An action without words is not shown on a timeline; the public log shows its name.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {
    "intention.submitted": _("Intention handed to the second officer"),
    "intention.published": _("Procurement intention published"),
    "tender.begun": _("Tender begun"),
    "tender.submitted": _("Tender handed to the second officer"),
    "tender.returned": _("Tender sent back"),
    "tender.discarded": _("Draft of a tender discarded"),
    "tender.restored": _("Draft of a tender taken up again"),
    "tender.custodians_named": _("Custodians of the lots' keys named"),
    "tender.published": _("Tender published"),
    "tender.corrected": _("Tender corrected"),
    "tender.terminated": _("Tender terminated"),
    "notice.recorded": _("Publication on a designated medium recorded"),
    "question.answered": _("Question answered"),
    "call.published": _("Venture call published"),
    "call.corrected": _("Venture call corrected"),
    "call.closed": _("Venture call closed at its deadline"),
    "call.terminated": _("Venture call terminated"),
    "call_question.answered": _("Question about a venture call answered"),
    "briefing.added": _("Briefing added"),
    "briefing.cancelled": _("Briefing cancelled"),
    "bid.submitted": _("A bid was sealed"),
    "bid.replaced": _("A bid was replaced"),
    "bid.withdrawn": _("A bid was withdrawn"),
    "lot.closed": _("Lot closed, bids counted"),
    "lot.voided": _("Lot void"),
    "lot.opened": _("Bids opened"),
    "share.handed_in": _("A custodian handed in a share"),
    "eligibility.started": _("Eligibility check begun"),
    "eligibility.concluded": _("Eligibility check concluded"),
    "committee.drawn": _("Review committee drawn by lot"),
    "review.started": _("Review begun"),
    "scores.submitted": _("A member handed in scores"),
    "price.questioned": _("A low price was questioned"),
    "price.explained": _("A low price was explained"),
    "report.started": _("Review report drawn up"),
    "document.signed": _("A document was signed in the system"),
    "lot.consolidated": _("Scores consolidated"),
    "lot.reviewed": _("Review report signed"),
    "award.proposed": _("Winner proposed"),
    "award.published": _("Result published"),
    "award.refused": _("The winner refused"),
    "objection.filed": _("Objection filed"),
    "objection.accepted": _("Objection accepted"),
    "objection.answered": _("Objection answered"),
    "hold.set": _("Procedure on hold"),
    "hold.lifted": _("Hold lifted"),
    "contract.drafted": _("Contract drafted"),
    "contract.proposed": _("Contract offered for signature"),
    "contract.signed": _("Contract signed"),
    "contract.published": _("Contract published"),
    "contract.filed": _("Contract filed with the finance department"),
    "contract.completed": _("Contract completed"),
    "performance.submitted": _("Performance report handed in"),
    "performance.returned": _("Report sent back"),
    "milestone.accepted": _("Performance accepted"),
    "disbursement.requested": _("Payment requested"),
    "disbursement.approved": _("Payment approved"),
    "disbursement.returned": _("Payment request sent back"),
    "disbursement.paid": _("Paid"),
    "evaluation.assigned": _("Third-party evaluation assigned"),
    "evaluation.drafted": _("Evaluation drafted"),
    "evaluation.answered": _("The organization answered the evaluation"),
    "notice.published": _("Notice published"),
    "award.deemed": _("First candidate counts as chosen"),
    "award.returned": _("Proposed award sent back"),
    "award.tie_drawn": _("Tie settled by lot"),
    "bid.ineligible": _("A bidder was found not eligible"),
    "bid.invalid": _("A bid was found invalid"),
    "bid.opened": _("A bid was opened"),
    "bid.stood_in": _("A proved copy stood in for a bid"),
    "bid.unreadable": _("A bid could not be opened"),
    "body.admitted": _("Body admitted"),
    "calendar.entered": _("Working calendar of a year entered"),
    "committee.leader_elected": _("Leader of the committee elected"),
    "correction.published": _("Correction published"),
    "custodian.appointed": _("Custodian appointed"),
    "custodian.ended": _("Custodian's appointment ended"),
    "eligibility.credit_queried": _("Credit records queried"),
    "eligibility.noted": _("Eligibility of a bidder noted"),
    "evaluation.final": _("Evaluation final"),
    "log.erased": _("Content of an entry erased by law"),
    "lot.key_made": _("Key of the lot made and shared out"),
    "lot.terminated": _("Lot terminated"),
    "opening.answered": _("Objection at the opening answered"),
    "opening.closed": _("Opening closed, minutes fixed"),
    "opening.confirmed": _("A bidder confirmed the read-out"),
    "opening.objected": _("A bidder objected at the opening"),
    "organization.face_computed": _("Face of an organization computed"),
    "organization.registered": _("Organization registered"),
    "organization.verification_ended": _("Organization's verification ended"),
    "organization.verified": _("Organization verified by the registrar"),
    "pool.committed": _("Pool of experts fixed by its hash"),
    "price.decided": _("A low price was decided on"),
    "purchase_list.published": _("Year's list published"),
    "report.signing_closed": _("Signing of the review report closed"),
    "review.conformity_settled": _("Conformity of the bids settled"),
    "review.consolidated": _("Scores consolidated"),
    "review.opinions_voided": _("Opinions of a member who left voided"),
    "rule_value.added": _("Value of a rule entered"),
    "tender.suspended": _("Procedure suspended"),
    "tender.suspension_lifted": _("Suspension lifted"),
    "outage.decided": _("Moved deadline after an outage decided on"),
    "outage.found": _("Outage of the marketplace recorded"),
    "award.annulled": _("Award annulled"),
    "fund.opened": _("Fund opened"),
    "fund.line_added": _("Budget line added"),
    "fund.line_changed": _("Budget line changed"),
    "ledger.commit": _("Money committed"),
    "ledger.release": _("Committed money released"),
    "ledger.pay": _("Payment booked"),
    "ledger.promise": _("Sponsors' money promised"),
    "ledger.withdraw": _("Promise of sponsors' money ended"),
    "ledger.receive": _("Sponsors' money received"),
    "ledger.refund": _("Sponsors' money given back"),
    "ledger.chargeback": _("Sponsors' money taken back by the bank"),
    "agreement.signed": _("Sponsorship agreement signed"),
    "agreement.called_in": _("Payment of an agreement opened"),
    "agreement.lapsed": _("Agreement lapsed unpaid"),
    "sponsor_payment.booked": _("Sponsor's payment booked"),
    "sponsor_refund.done": _("Money given back to a sponsor"),
}


# Said by the notice that is published with it.
SAID_BY_NOTICE = frozenset(
    {
        "intention.published", "tender.published", "tender.corrected", "tender.terminated", "award.published",
        "contract.published", "milestone.accepted", "evaluation.final",
    }
)  # fmt: skip

# The landmarks of a procedure; its many single steps stand in the public log.
LANDMARKS = frozenset(
    {
        "question.answered", "pool.committed", "lot.closed", "lot.opened", "lot.voided", "eligibility.concluded",
        "committee.drawn", "review.consolidated", "lot.reviewed", "award.refused", "award.annulled",
        "objection.accepted", "objection.answered", "tender.suspended", "tender.suspension_lifted", "hold.set",
        "hold.lifted", "contract.signed", "disbursement.paid", "contract.completed", "contract.ended",
        "evaluation.answered", "organization.face_computed",
    }
)  # fmt: skip


def label_of(action: str) -> Any:
    """The action in words, or nothing."""
    return LABELS.get(action, "")
