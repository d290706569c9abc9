"""Organizations as suppliers: facts and their changes, evidence file, persons and holders, face."""

from .changes import AccountChange, OrganizationChange, Verification
from .evidence import Evidence, EvidenceKind, PersonLink, Relation
from .organization import Face, FaceRecord, Organization, OrganizationKind

__all__ = [
    "AccountChange",
    "Evidence",
    "EvidenceKind",
    "Face",
    "FaceRecord",
    "Organization",
    "OrganizationChange",
    "OrganizationKind",
    "PersonLink",
    "Relation",
    "Verification",
]
