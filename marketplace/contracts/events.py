"""What happens to contracts, reports, payments and evaluations, as news for the rooms above and for the face."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContractProposed:
    """The text is with both sides for signing."""

    contract_id: int


@dataclass(frozen=True)
class ContractTakenBack:
    contract_id: int


@dataclass(frozen=True)
class ContractSigned:
    contract_id: int


@dataclass(frozen=True)
class ContractPublished:
    contract_id: int


@dataclass(frozen=True)
class ContractCompleted:
    contract_id: int


@dataclass(frozen=True)
class ProjectEnded:
    """A grant's project ended early: a stage was not passed, or a severe breach."""

    contract_id: int


@dataclass(frozen=True)
class ChangeAsked:
    change_id: int


@dataclass(frozen=True)
class ChangeDecided:
    """Approved or refused."""

    change_id: int


@dataclass(frozen=True)
class PaybackProposed:
    """The organization may answer."""

    payback_id: int


@dataclass(frozen=True)
class PaybackDemanded:
    payback_id: int


@dataclass(frozen=True)
class PaybackSettled:
    payback_id: int


@dataclass(frozen=True)
class ReportSubmitted:
    report_id: int


@dataclass(frozen=True)
class ReportReturned:
    report_id: int


@dataclass(frozen=True)
class MilestoneAccepted:
    milestone_id: int


@dataclass(frozen=True)
class MilestoneLate:
    """The due day passed without a report."""

    milestone_id: int


@dataclass(frozen=True)
class DisbursementRequested:
    disbursement_id: int


@dataclass(frozen=True)
class DisbursementApproved:
    """`step` 1: finance is next; 2: it may be paid."""

    disbursement_id: int
    step: int


@dataclass(frozen=True)
class DisbursementReturned:
    disbursement_id: int


@dataclass(frozen=True)
class DisbursementPaid:
    disbursement_id: int


@dataclass(frozen=True)
class EvaluationAssigned:
    evaluation_id: int


@dataclass(frozen=True)
class EvaluationDeclined:
    evaluation_id: int


@dataclass(frozen=True)
class EvaluationDrafted:
    """The organization may answer."""

    evaluation_id: int


@dataclass(frozen=True)
class EvaluationAnswered:
    evaluation_id: int


@dataclass(frozen=True)
class EvaluationFinal:
    evaluation_id: int
