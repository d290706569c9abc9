"""The mark «verified by the registrar»: spares evidence later, is never a gate to bidding."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import refuse, require, require_permission
from marketplace.core.exceptions import Refused
from marketplace.core.locking import locked

from ..models import Organization, Verification
from ..permissions import can_verify_organization


def verify_organization(*, actor: Actor, organization_id: int, evidence: str) -> Verification:
    """Give the mark, saying what was compared with what."""
    with audit.transaction() as log:
        organization = locked(Organization, organization_id)
        require_permission(can_verify_organization(actor))
        if organization.is_verified:
            require(refuse(_("This organization has the mark already.")))
        if not evidence.strip():
            require(
                refuse(_("Say what you compared, e.g. the registrar's public record and its date."), field="evidence")
            )
        verification = Verification.objects.create(
            organization=organization,
            evidence=evidence.strip(),
            given_by_id=actor.user_id,
            given_for_id=actor.body_id,
            given_at=clock.now(),
        )
        organization.verified_at = verification.given_at
        organization.save(update_fields=["verified_at"])
        log.record("organization.verified", organization, actor, evidence=verification.evidence)
        return verification


def end_verification(*, actor: Actor, organization_id: int, reason: str) -> Verification:
    with audit.transaction() as log:
        organization = locked(Organization, organization_id)
        require_permission(can_verify_organization(actor))
        current = organization.verifications.filter(ended_at=None).first()
        if current is None:
            raise Refused(refuse(_("This organization does not have the mark.")))
        if not reason.strip():
            require(refuse(_("Say in a few words why the mark ends."), field="reason"))
        current.ended_at, current.end_reason = clock.now(), reason.strip()
        current.save(update_fields=["ended_at", "end_reason"])
        organization.verified_at = None
        organization.save(update_fields=["verified_at"])
        log.record("organization.verification_ended", organization, actor, reason=current.end_reason)
        return current
