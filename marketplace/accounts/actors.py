"""Who acts: a person for a body with the roles held there, as services and permissions see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .models import Membership, User


@dataclass(frozen=True)
class Actor:
    """Services take this, never a request. An inactive user has no roles."""

    user_id: Any  # int; None for nobody and the system. `Any`: every look-up by it would need a cast
    name: str
    pseudonym: str
    body_id: Any = None
    body_name: str = ""
    body_kind: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    has_second_factor: bool = False

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held for the body acted for."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None


ANONYMOUS = Actor(None, "", "p-anonymous")
SYSTEM = Actor(None, "系统", "p-system", roles=frozenset({"system"}))


def actor_for(user: User, membership: Membership | None, *, has_second_factor: bool = False) -> Actor:
    """The actor of a signed-in person acting by a membership (None: for oneself, without roles)."""
    if not user.is_active:
        return ANONYMOUS
    if membership is None:
        return Actor(user.pk, str(user), user.pseudonym, has_second_factor=has_second_factor)
    body = membership.body
    return Actor(
        user.pk,
        str(user),
        user.pseudonym,
        body.pk,
        body.name,
        body.kind,
        frozenset(membership.roles),
        has_second_factor,
    )
