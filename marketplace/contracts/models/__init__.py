"""Contracts, milestones and reports, disbursements under control, third-party evaluations."""

from .agreement import (
    AgreementLine,
    AgreementPart,
    AuditOpinion,
    ChangeKind,
    ChangeRequest,
    ChangeStatus,
    ClosingAudit,
    LookKind,
    Payback,
    PaybackCause,
    PaybackReceipt,
    PaybackStatus,
    StageLook,
)
from .contract import Contract, ContractShare, ContractStatus, Milestone, MilestoneStatus
from .disbursement import Disbursement, DisbursementApproval, DisbursementCheck, DisbursementStatus
from .evaluation import Evaluation, EvaluationIndicator, EvaluationStatus, Grade
from .report import PerformanceReport, ReportFigure, ReportPhoto, ReportSpending, ReportStatus

__all__ = [
    "AgreementLine",
    "AgreementPart",
    "AuditOpinion",
    "ChangeKind",
    "ChangeRequest",
    "ChangeStatus",
    "ClosingAudit",
    "Contract",
    "ContractShare",
    "ContractStatus",
    "Disbursement",
    "DisbursementApproval",
    "DisbursementCheck",
    "DisbursementStatus",
    "Evaluation",
    "EvaluationIndicator",
    "EvaluationStatus",
    "Grade",
    "LookKind",
    "Milestone",
    "MilestoneStatus",
    "Payback",
    "PaybackCause",
    "PaybackReceipt",
    "PaybackStatus",
    "PerformanceReport",
    "ReportFigure",
    "ReportPhoto",
    "ReportSpending",
    "ReportStatus",
    "StageLook",
]
