"""What happens to people and bodies that other rooms may react to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MembershipEnded:
    """A person acts no longer for a body."""

    membership_id: int


@dataclass(frozen=True)
class FindingRecorded:
    """An auditor has recorded a finding; the body it concerns is told."""

    finding_id: int


@dataclass(frozen=True)
class FindingAnswered:
    finding_id: int


@dataclass(frozen=True)
class FindingClosed:
    finding_id: int
