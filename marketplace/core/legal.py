"""What has legal meaning is never deleted, by anyone, through any route.

Each model of ours is named here once: legal for good, legal once its work has left the desk, or free. The guard stands
under services, views, admin pages, cascades and shells alike; a test fails on a model that is not named.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import pre_delete
from django.utils.translation import gettext as _

from .exceptions import MarketplaceError

LEGAL = frozenset(
    [
        "accounts.Body",
        "accounts.Finding",
        "accounts.Invitation",
        "accounts.JoinRequest",
        "accounts.Membership",
        "accounts.User",
        "cms.NoticePage",
        "audit.Disclosure",
        "audit.Head",
        "audit.LogEntry",
        "audit.TreeNode",
        "contracts.AgreementLine",
        "contracts.AgreementPart",
        "contracts.ChangeRequest",
        "contracts.ClosingAudit",
        "contracts.Contract",
        "contracts.ContractShare",
        "contracts.Disbursement",
        "contracts.DisbursementApproval",
        "contracts.DisbursementCheck",
        "contracts.Evaluation",
        "contracts.Milestone",
        "contracts.Payback",
        "contracts.PaybackReceipt",
        "contracts.StageLook",
        "contracts.PerformanceReport",
        "contracts.ReportPhoto",
        "core.NumberSeries",
        "core.RuleValue",
        "core.WorkCalendarDay",
        "core.WorkCalendarYear",
        "documents.Document",
        "documents.Signature",
        "documents.StoredFile",
        "funds.BudgetLine",
        "funds.Fund",
        "funds.IncomeEntry",
        "funds.LedgerCheck",
        "funds.LedgerEntry",
        "organizations.AccountChange",
        "organizations.Evidence",
        "organizations.FaceRecord",
        "organizations.Organization",
        "organizations.OrganizationChange",
        "organizations.PersonLink",
        "organizations.Verification",
        "planning.Intention",
        "planning.ListedItem",
        "planning.PurchaseList",
        "procurement.Award",
        "procurement.Bid",
        "procurement.BidDraft",
        "procurement.BidFile",
        "procurement.BidPart",
        "procurement.BidResult",
        "procurement.CommitteeMember",
        "procurement.ConformityVote",
        "procurement.Correction",
        "procurement.CreditQuery",
        "procurement.CriterionMean",
        "procurement.CustodianAppointment",
        "procurement.CustodianKey",
        "procurement.CustodianShare",
        "procurement.DocumentTake",
        "procurement.EligibilityCheck",
        "procurement.EligibilityFinding",
        "procurement.Expert",
        "procurement.ExpertDraw",
        "procurement.Extension",
        "procurement.Letter",
        "procurement.LotClosing",
        "procurement.LotKey",
        "procurement.Objection",
        "procurement.Opening",
        "procurement.OpeningStatement",
        "procurement.Outage",
        "procurement.PoolCommitment",
        "procurement.PriceQuery",
        "procurement.PriceVote",
        "procurement.Question",
        "procurement.Review",
        "procurement.Score",
        "procurement.ScoreCorrection",
        "procurement.ScoreSheet",
        "procurement.Suspension",
        "procurement.Tender",
        "procurement.TenderSubmission",
        "procurement.Termination",
        "procurement.TrialShare",
        "procurement.WarningReason",
        "publication.MediumRecord",
        "publication.NoticeSnapshot",
        "transparency.HistoricalCall",
        "transparency.HistoricalPot",
        "sponsorship.Agreement",
        "sponsorship.BankLine",
        "sponsorship.BankStatement",
        "sponsorship.CheckoutSession",
        "sponsorship.Dispute",
        "sponsorship.Payment",
        "sponsorship.Refund",
        "sponsorship.SponsorProfile",
        "sponsorship.StripeComparison",
        "sponsorship.WebhookEvent",
        "transparency.HistoricalProject",
        "transparency.HistoricalShare",
        "transparency.Statistic",
        # ventures: the assessment
        "ventures.ApplicationReview",
        "ventures.Assessment",
        "ventures.BonusPoint",
        "ventures.CoachingSession",
        "ventures.DefenceDay",
        "ventures.DefenceScore",
        "ventures.DefenceSlot",
        "ventures.DisplayObjection",
        "ventures.FunderConsent",
        "ventures.GrantProposal",
        "ventures.MemberConflict",
        "ventures.Mentorship",
        "ventures.PanelMember",
        "ventures.ReviewScore",
        "ventures.ReviewScoreChange",
        # ventures
        "ventures.Application",
        "ventures.ApplicationFile",
        "ventures.ApplicationVersion",
        "ventures.BriefingSeat",
        "ventures.Call",
        "ventures.CallPaper",
        "ventures.CallQuestion",
        "ventures.FormVersion",
        "ventures.Grant",
        "ventures.GrantShare",
        "ventures.Likeness",
        "ventures.PreReview",
        "ventures.PreReviewFinding",
        "ventures.VentureBan",
    ]
)

# Rows of a draft come and go: model → (path to the status of the whole, statuses in which it is still a draft).
LEGAL_AFTER_DRAFT: dict[str, tuple[str, tuple[str, ...]]] = {
    "contracts.EvaluationIndicator": ("evaluation.status", ("assigned",)),
    "contracts.ReportFigure": ("report.status", ("draft",)),
    "contracts.ReportSpending": ("report.status", ("draft",)),
    "procurement.CorrectionChange": ("correction.status", ("submitted", "returned")),
    "procurement.Criterion": ("tender.status", ("draft",)),
    "procurement.CriterionRange": ("criterion.tender.status", ("draft",)),
    "procurement.EligibilityCondition": ("tender.status", ("draft",)),
    "procurement.Lot": ("tender.status", ("draft",)),
    "procurement.MilestonePlan": ("tender.status", ("draft",)),
    "procurement.TenderCustodian": ("tender.status", ("draft",)),
    "procurement.TenderStep": ("tender.status", ("draft",)),
    "ventures.AssessmentCriterion": ("assessment.status", ("preparing",)),
    "ventures.BonusScheme": ("assessment.status", ("preparing",)),
    "ventures.ProposedShare": ("proposal.assessment.status", ("deliberation",)),
    "sponsorship.AgreementTheme": ("agreement.status", ("draft",)),
    "ventures.ApplicationCell": ("application.status", ("draft", "submitted", "correction", "accepted")),
    "ventures.ApplicationStep": ("application.status", ("draft", "submitted", "correction", "accepted")),
    "ventures.ApplicationText": ("application.status", ("draft", "submitted", "correction", "accepted")),
    "ventures.Briefing": ("call.status", ("draft",)),
    "ventures.BudgetLineOfApplication": ("application.status", ("draft", "submitted", "correction", "accepted")),
    "ventures.BudgetShare": ("line.application.status", ("draft", "submitted", "correction", "accepted")),
    "ventures.CallFaq": ("call.status", ("draft",)),
    "ventures.CallFunder": ("call.status", ("draft",)),
    "ventures.CallPaperChange": ("paper.status", ("submitted", "returned")),
    "ventures.CallPot": ("call.status", ("draft",)),
    "ventures.CallRule": ("call.status", ("draft",)),
    "ventures.CallStep": ("call.status", ("draft",)),
    "ventures.CallTheme": ("call.status", ("draft",)),
    "ventures.CallTranche": ("call.status", ("draft",)),
    "ventures.FormBlock": ("call.status", ("draft",)),
}

FREE: dict[str, str] = {
    "accounts.KeptForm": "ciphertext of a form whose session expired, for minutes",
    "accounts.SpentCode": "which one-time codes were used, for minutes",
    "cms.GuidePage": "editors' own words",
    "cms.HomePage": "editors' own words",
    "cms.NoticeIndexPage": "shows a list of notices, holds none",
    "cms.ProjectStoryPage": "editors' own words; its photos stay with their reports",
    "cms.SectionPage": "editors' own words",
    "cms.StoryIndexPage": "shows a list of stories, holds none",
    "core.ClockState": "the clock of demo worlds and tests",
    "core.DueFailure": "a due job that failed, until it succeeds",
    "core.Heartbeat": "signs of life of processes",
    "core.Lease": "who is at a job just now",
    "notifications.Message": "says what stands elsewhere: letters and notices are kept by their rooms",
    "procurement.ExpertAbsence": "an expert's calendar",
    "procurement.Reminder": "which reminders went out, so that none goes twice",
    "ventures.ApplicationReminder": "which reminders went out, so that none goes twice",
    "procurement.Pulse": "the last sign of life by the marketplace's clock",
}


class NeverDeleted(MarketplaceError, PermissionDenied):
    """Tried on a row with legal meaning. Pages that know nothing of us (the editors' interface) answer 403."""

    code = "never_deleted"


def is_legal(row: models.Model) -> bool:
    """Whether this row must stay."""
    label = row._meta.label
    if label in LEGAL_AFTER_DRAFT:
        path, drafts = LEGAL_AFTER_DRAFT[label]
        return reduce(getattr, path.split("."), row) not in drafts
    return label in LEGAL


def refuse_deletion(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    if is_legal(instance):
        raise NeverDeleted(
            _("%(kind)s has legal meaning and is never deleted. What is wrong is corrected by a new record.")
            % {"kind": sender._meta.verbose_name}
        )


def guard() -> None:
    """Put the guard under every legal model. It also makes Django fetch rows before a bulk deletion or a cascade."""
    for label in LEGAL.union(LEGAL_AFTER_DRAFT):
        pre_delete.connect(refuse_deletion, sender=apps.get_model(label), dispatch_uid=f"legal:{label}")
