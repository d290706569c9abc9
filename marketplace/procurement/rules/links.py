"""Ties between bidders of one lot: same head, direct holding or control (R-ELIG-05).

People are the same when their identity hashes agree; a name alone counts where one of the two has no hash. Two people
may bear one name: a tie by name alone is a question to the officer, a tie by hash or by holding is an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

CONTROLLING = frozenset({"head", "holder"})


@dataclass(frozen=True)
class Link:
    """A person or body that heads or holds a bidder."""

    name: str
    relation: str
    id_hash: str = ""


@dataclass(frozen=True)
class Bidder:
    name: str
    links: Sequence[Link]


@dataclass(frozen=True)
class Shared:
    """Why two bidders are not independent of each other."""

    other: int
    person: str
    own_relation: str
    other_relation: str
    is_certain: bool = False


def is_same(one: Link, other: Link) -> bool:
    if one.id_hash and other.id_hash:
        return one.id_hash == other.id_hash
    return bool(one.name) and one.name == other.name


def shared_links(bidders: Mapping[int, Bidder]) -> dict[int, list[Shared]]:
    """Bidder → what ties it to another bidder. Each tie appears on both sides."""
    found: dict[int, list[Shared]] = {key: [] for key in bidders}
    for key, bidder in bidders.items():
        for other_key, other in bidders.items():
            if key != other_key:
                found[key] += _through_people(bidder, other_key, other) + _through_holding(bidder, other_key, other)
    return {key: list(dict.fromkeys(ties)) for key, ties in found.items()}


def _through_people(bidder: Bidder, other_key: int, other: Bidder) -> list[Shared]:
    return [
        Shared(other_key, own.name, own.relation, theirs.relation, bool(own.id_hash and theirs.id_hash))
        for own in bidder.links
        for theirs in other.links
        if {own.relation, theirs.relation} <= CONTROLLING and is_same(own, theirs)
    ]


def _through_holding(bidder: Bidder, other_key: int, other: Bidder) -> list[Shared]:
    held = [
        Shared(other_key, other.name, link.relation, "", True)
        for link in bidder.links
        if link.relation == "holder" and link.name == other.name
    ]
    holds = [
        Shared(other_key, bidder.name, "", link.relation, True)
        for link in other.links
        if link.relation == "holder" and link.name == bidder.name
    ]
    return held + holds


def may_decide(passes: bool, ties: Sequence[Shared], reason: str) -> Decision:
    """What the officer may note otherwise than computed: with a reason, and never against a certain tie (R-ELIG-05)."""
    if not reason.strip():
        return refuse(_("Write down why you note it otherwise than computed."), "R-ELIG-05", field="links")
    if passes and any(tie.is_certain for tie in ties):
        return refuse(
            _("The register shows this tie beyond doubt: only one of the bidders may take part."),
            "R-ELIG-05",
            field="links",
        )
    return ALLOWED
