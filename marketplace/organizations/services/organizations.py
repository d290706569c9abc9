"""Registering an organization and keeping its facts; every change is kept with before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.rules.credit_code import check_code, check_supplier, clean_code, region_of
from marketplace.accounts.services.invitations import confirmed_addresses
from marketplace.core import clock
from marketplace.core.decisions import Decision, Level, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound, Refused
from marketplace.core.locking import locked

from ..events import OrganizationRegistered
from ..models import Organization, OrganizationChange
from ..permissions import can_change_organization, can_register_organization, can_see_organization
from ..rules.registration import kind_of

FIRST_ROLES = [Role.BIDDER.value, Role.ORG_ADMIN.value, Role.REPORTER.value]
BODY_FACTS = ("name", "address", "contact_name", "contact_phone")
OWN_FACTS = ("legal_representative", "registered_on", "service_areas", "summary")


@dataclass(frozen=True)
class Registration:
    """What a person enters to register; `warnings_confirmed`: the warnings were read and the code compared."""

    code: str
    name: str
    legal_representative: str = ""
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    warnings_confirmed: bool = False


class CodeTaken(Refused):
    """The code is registered; the way out is to ask its administrators (`body`)."""

    code = "code_taken"

    def __init__(self, decision: Decision, body: Body) -> None:
        super().__init__(decision)
        self.body = body


def register_organization(*, actor: Actor, registration: Registration) -> Organization:
    """Whoever has a confirmed address registers an organization by its code and may act for it at once (R-ORG-01…04).

    Refuses a wrong or taken code; the warnings of R-ORG-03 and R-GPS-03 ask for a confirmation.
    """
    code = clean_code(registration.code)
    with audit.transaction() as log:
        require_permission(can_register_organization(actor))
        if not confirmed_addresses(actor):
            require(refuse(_("Confirm your e-mail address first: open the link in the mail we sent you.")))
        warnings = check_registration(code)
        require(*warnings)
        require(*_unconfirmed(warnings, registration.warnings_confirmed))
        _require_free(code)
        body = Body.objects.create(
            kind=BodyKind.ORGANIZATION,
            code=code,
            name=registration.name.strip(),
            region=region_of(code),
            address=registration.address,
            contact_name=registration.contact_name,
            contact_phone=registration.contact_phone,
        )
        organization = Organization.objects.create(
            body=body, kind=kind_of(code), legal_representative=registration.legal_representative.strip()
        )
        membership = Membership.objects.create(
            user_id=actor.user_id, body=body, roles=list(FIRST_ROLES), since=clock.now()
        )
        log.record("organization.registered", organization, actor, code=code, name=body.name, kind=organization.kind)
        log.record("membership.granted", membership, actor, body=code, roles=membership.roles)
        announce(OrganizationRegistered(organization.pk))
        return organization


def check_registration(code: str) -> list[Decision]:
    """All decisions on a supplier's code; what blocks comes last."""
    decisions = check_code(code)
    return decisions if any(decision.blocks for decision in decisions) else [*decisions, check_supplier(code)]


def change_facts(*, actor: Actor, organization_id: int, facts: dict[str, Any]) -> list[OrganizationChange]:
    """Change registered facts; each that differs is kept with before and after. The code never changes."""
    with audit.transaction() as log:
        organization = own_organization(actor, organization_id)
        require_permission(can_change_organization(actor, organization))
        if not str(facts.get("name", organization.body.name)).strip():
            require(refuse(_("The organization needs its name, as on the registration certificate."), field="name"))
        changes = [
            *_change(actor, organization, organization.body, BODY_FACTS, facts),
            *_change(actor, organization, organization, OWN_FACTS, facts),
        ]
        if changes:
            log.record("organization.changed", organization, actor, fields=[change.field for change in changes])
        return changes


def own_organization(actor: Actor, organization_id: int) -> Organization:
    """Locked; a stranger's is not found."""
    organization = locked(Organization, organization_id, "body")
    if not can_see_organization(actor, organization):
        raise NotFound("")
    return organization


def _change(
    actor: Actor, organization: Organization, holder: Any, fields: tuple[str, ...], facts: dict[str, Any]
) -> list[OrganizationChange]:
    changed = [name for name in fields if name in facts and facts[name] != getattr(holder, name)]
    changes = [
        OrganizationChange(
            organization=organization,
            field=name,
            before=_text(getattr(holder, name)),
            after=_text(facts[name]),
            changed_by_id=actor.user_id,
            changed_at=clock.now(),
        )
        for name in changed
    ]
    for name in changed:
        setattr(holder, name, facts[name])
    if changed:
        holder.save(update_fields=changed)
    return OrganizationChange.objects.bulk_create(changes)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _unconfirmed(decisions: list[Decision], confirmed: bool) -> list[Decision]:
    """Warnings not yet confirmed, as refusals with the way out (tick the box)."""
    if confirmed:
        return []
    return [
        refuse(decision.reason, decision.rule_id, field="warnings_confirmed")
        for decision in decisions
        if not decision.allowed and decision.level is Level.WARN
    ]


def _require_free(code: str) -> None:
    body = Body.objects.filter(code=code).first()
    if body is not None:
        raise CodeTaken(
            refuse(
                _("«%(name)s» is registered with this code. Ask its administrator to invite you.")
                % {"name": body.name},
                "R-ORG-01",
                field="code",
            ),
            body,
        )
