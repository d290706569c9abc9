"""Contracts, milestones and reports, disbursements under control, third-party evaluations."""

from .contract import Contract, ContractStatus, Milestone, MilestoneStatus
from .disbursement import Disbursement, DisbursementApproval, DisbursementCheck, DisbursementStatus
from .evaluation import Evaluation, EvaluationIndicator, EvaluationStatus, Grade
from .report import PerformanceReport, ReportFigure, ReportPhoto, ReportSpending, ReportStatus

__all__ = [
    "Contract",
    "ContractStatus",
    "Disbursement",
    "DisbursementApproval",
    "DisbursementCheck",
    "DisbursementStatus",
    "Evaluation",
    "EvaluationIndicator",
    "EvaluationStatus",
    "Grade",
    "Milestone",
    "MilestoneStatus",
    "PerformanceReport",
    "ReportFigure",
    "ReportPhoto",
    "ReportSpending",
    "ReportStatus",
]
