"""The evidence file (R-ELIG-02): documents are added and withdrawn, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import refuse, require, require_permission
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked
from marketplace.documents.services import store_upload

from ..models import Evidence
from ..permissions import can_keep_evidence, can_see_organization
from ..rules.registration import check_usable
from .organizations import own_organization

FILE_KINDS = ("pdf", "jpg", "png")


@dataclass(frozen=True)
class EvidenceFacts:
    kind: str
    title: str
    number: str = ""
    issuer: str = ""
    valid_until: date | None = None


def add_evidence(*, actor: Actor, organization_id: int, facts: EvidenceFacts, upload: Any) -> Evidence:
    """File a document; its content must be what its kind of file says. An expired one is refused."""
    with audit.transaction() as log:
        organization = own_organization(actor, organization_id)
        require_permission(can_keep_evidence(actor, organization))
        if not check_usable(facts.valid_until, False, clock.today()):
            require(
                refuse(
                    _("A document that has expired proves nothing any more. Upload the one in force."),
                    "R-ELIG-02",
                    field="valid_until",
                )
            )
        file = store_upload(upload, actor=actor, kinds=FILE_KINDS)
        evidence = Evidence.objects.create(
            organization=organization,
            kind=facts.kind,
            title=facts.title.strip(),
            number=facts.number.strip(),
            issuer=facts.issuer.strip(),
            valid_until=facts.valid_until,
            file=file,
            created_at=clock.now(),
        )
        log.record("evidence.added", evidence, actor, kind=evidence.kind, sha256=file.sha256)
        return evidence


def withdraw_evidence(*, actor: Actor, evidence_id: int, reason: str) -> Evidence:
    """Take a document out of use. Bids that already hold it keep their copy."""
    with audit.transaction() as log:
        evidence = locked(Evidence, evidence_id, "organization__body")
        if not can_see_organization(actor, evidence.organization):
            raise NotFound("")
        require_permission(can_keep_evidence(actor, evidence.organization))
        if evidence.withdrawn_at is not None:
            require(refuse(_("This document was withdrawn already.")))
        if not reason.strip():
            require(refuse(_("Say in a few words why, e.g. «replaced by the new certificate»."), field="reason"))
        evidence.withdrawn_at, evidence.withdrawn_by_id = clock.now(), actor.user_id
        evidence.withdrawal_reason = reason.strip()
        evidence.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
        log.record("evidence.withdrawn", evidence, actor)
        return evidence
