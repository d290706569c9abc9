"""People, the bodies they act for, the roles they hold there, and what auditors find."""

from .bodies import Body
from .findings import Finding, FindingStatus
from .kept import KeptForm
from .memberships import Invitation, InvitationState, JoinRequest, Membership
from .people import SpentCode, User, UserManager, new_pseudonym

__all__ = [
    "Body",
    "Finding",
    "FindingStatus",
    "Invitation",
    "InvitationState",
    "JoinRequest",
    "KeptForm",
    "Membership",
    "SpentCode",
    "User",
    "UserManager",
    "new_pseudonym",
]
