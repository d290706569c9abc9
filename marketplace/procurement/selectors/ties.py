"""Recorded ties: of a person with the bidders of a lot (R-COMM-09), and of bidders with each other (R-ELIG-05)."""

from __future__ import annotations

from collections import defaultdict

from marketplace.accounts.models import Membership, User
from marketplace.core.rules.time import day_of
from marketplace.organizations.models import PersonLink

from ..models import Bid, Lot
from ..rules.committee import Tie
from ..rules.links import CONTROLLING, Bidder, Link, Shared, shared_links
from .review import opened_bids

EMPLOYER = "employer"
MEMBERSHIP = "member"


def ties_with_bidders(user: User, employer: str, lot: Lot) -> list[Tie]:
    """Employer, memberships here, and the register of heads, directors, supervisors, holders, employees."""
    bodies = {bid.body_id: bid.body.name for bid in opened_bids(lot)}
    found = [Tie(name, EMPLOYER) for name in bodies.values() if employer and name == employer]
    for body_id, ended in Membership.objects.filter(user=user, body_id__in=bodies).values_list("body_id", "ended_at"):
        found.append(Tie(bodies[body_id], MEMBERSHIP, day_of(ended) if ended else None))
    if user.name:
        links = PersonLink.objects.filter(organization__body_id__in=bodies, name=user.name)
        for body_id, relation, until in links.values_list("organization__body_id", "relation", "until"):
            found.append(Tie(bodies[body_id], relation, until))
    return found


def bidder_links(lot: Lot) -> dict[int, list[Shared]]:
    """Bid → ties with other bids of the lot, from the register of heads and holders."""
    bids = list(opened_bids(lot))
    links: dict[int, list[Link]] = defaultdict(list)
    rows = PersonLink.objects.filter(
        organization__body_id__in=[bid.body_id for bid in bids], relation__in=CONTROLLING, until=None
    )
    for body_id, name, relation, id_hash in rows.values_list("organization__body_id", "name", "relation", "id_hash"):
        links[body_id].append(Link(name, relation, id_hash))
    return shared_links({bid.pk: Bidder(bid.body.name, _with_head(bid, links[bid.body_id])) for bid in bids})


def _with_head(bid: Bid, links: list[Link]) -> list[Link]:
    """The registered legal representative heads the body, whether or not the links say so."""
    organization = getattr(bid.body, "organization", None)
    head = organization.legal_representative if organization else ""
    if not head or any(link.relation == "head" and link.name == head for link in links):
        return links
    return [*links, Link(head, "head")]
