from dataclasses import dataclass


@dataclass(frozen=True)
class OrganizationRegistered:
    organization_id: int


@dataclass(frozen=True)
class AccountChanged:
    """A new bank account is in force; payments compare with it."""

    organization_id: int


@dataclass(frozen=True)
class FaceChanged:
    """Another face on the door; the organization is told why."""

    organization_id: int
    before: str
    after: str
