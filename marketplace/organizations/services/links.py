"""Persons and holders behind an organization: what the check for the same head or control is fed with (R-ELIG-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.credit_code import check_checksum, check_form, clean_code
from marketplace.core import clock
from marketplace.core.decisions import refuse, require, require_permission
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..models import PersonLink, Relation
from ..permissions import can_change_organization, can_see_organization
from .organizations import own_organization


@dataclass(frozen=True)
class LinkFacts:
    name: str
    relation: str
    code: str = ""
    share: Decimal | None = None
    since: date | None = None


def add_link(*, actor: Actor, organization_id: int, facts: LinkFacts) -> PersonLink:
    with audit.transaction() as log:
        organization = own_organization(actor, organization_id)
        require_permission(can_change_organization(actor, organization))
        code = clean_code(facts.code)
        if code:
            require(check_form(code), *([check_checksum(code)] if check_form(code) else []))
        if facts.share is not None and (facts.relation != Relation.HOLDER or not 0 < facts.share <= 100):
            require(
                refuse(_("A share is a holder's, more than 0 and at most 100 percent."), "R-ELIG-05", field="share")
            )
        link = PersonLink.objects.create(
            organization=organization,
            name=facts.name.strip(),
            relation=facts.relation,
            code=code,
            share=facts.share,
            since=facts.since or clock.today(),
        )
        # Names of persons stay out of the log.
        log.record("organization.link_added", link, actor, relation=link.relation)
        return link


def end_link(*, actor: Actor, link_id: int) -> PersonLink:
    """The tie has ended today; it stays for procedures that were under way."""
    with audit.transaction() as log:
        link = locked(PersonLink, link_id, "organization__body")
        if not can_see_organization(actor, link.organization):
            raise NotFound("")
        require_permission(can_change_organization(actor, link.organization))
        if link.until is not None:
            require(refuse(_("This tie has ended already.")))
        link.until = clock.today()
        link.save(update_fields=["until"])
        log.record("organization.link_ended", link, actor, relation=link.relation)
        return link
