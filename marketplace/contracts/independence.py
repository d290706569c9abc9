"""What connects an evaluator with buyer and organization: asked of the registers, judged in `rules/evaluation.py`."""

from __future__ import annotations

from django.db.models import Q

from marketplace.accounts.models import Body, Membership, User
from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.organizations.models import PersonLink

from .models import Contract
from .rules.evaluation import Ties


def ties_of(evaluator: Body, contract: Contract) -> Ties:
    """Shared people (memberships), shared identities and shared names (links of heads, directors, holders)."""
    parties = {contract.buyer_id, contract.supplier_id, contract.source.agency_id} - {None}
    own = _people(evaluator.pk)
    links = _links(contract.supplier_id)
    own_links = _links(evaluator.pk)
    own_names = {user.name for user in own if user.name} | {link.name for link in own_links}
    hashes = {link.id_hash for link in own_links if link.id_hash}
    shared_links = {link.name for link in links if link.id_hash and link.id_hash in hashes}
    party_names = {link.name for link in links} | set(_names(contract.supplier_id))
    shared_people = _shared(own, parties)
    return Ties(
        is_party=evaluator.pk in parties,
        is_evaluator=evaluator.kind == BodyKind.EVALUATOR and evaluator.admitted_at is not None,
        shared_people=tuple(sorted(shared_people)),
        shared_links=tuple(sorted(shared_links)),
        same_names=tuple(sorted((own_names & party_names) - shared_people - shared_links)),
    )


def _people(body_id: int) -> list[User]:
    return list(User.objects.filter(memberships__body_id=body_id, memberships__ended_at=None).distinct())


def _names(body_id: int) -> list[str]:
    return [user.name for user in _people(body_id) if user.name]


def _shared(people: list[User], parties: set[int | None]) -> set[str]:
    rows = Membership.objects.filter(user__in=people, body_id__in=parties, ended_at=None).select_related("user")  # type: ignore[misc]
    return {str(row.user) for row in rows}


def _links(body_id: int) -> list[PersonLink]:
    """Ties that hold today: without an end, or ending later."""
    return list(
        PersonLink.objects.filter(organization__body_id=body_id).filter(Q(until=None) | Q(until__gte=clock.today()))
    )
