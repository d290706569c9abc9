"""Admitting bodies (operator), and correcting what is known about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.core import clock
from marketplace.core.decisions import refuse, require, require_permission, require_reasons

from ..actors import Actor
from ..models import Body
from ..permissions import can_operate
from ..roles import BodyKind
from ..rules.credit_code import check_admission, check_code, clean_code, region_of
from .invitations import create_invitation, first_roles


@dataclass(frozen=True)
class BodyFacts:
    """What the operator enters about a body; `region` is the code's own if left empty."""

    kind: str
    code: str
    name: str
    region: str = ""
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""


def admit_body(*, actor: Actor, facts: BodyFacts, administrator_email: str = "", reason: str = "") -> Body:
    """Admit a body and invite its first administrator. Organizations register themselves and are refused here.

    A warning of R-ORG-03 or R-GPS-01 is passed with a written reason, which goes into the log.
    """
    code = clean_code(facts.code)
    with audit.transaction() as log:
        require_permission(can_operate(actor))
        if facts.kind == BodyKind.ORGANIZATION:
            require(refuse(_("Organizations register themselves; nobody admits them."), field="kind"))
        decisions = check_code(code)
        require(*decisions)
        require_reasons([*decisions, check_admission(facts.kind, code)], reason)
        if Body.objects.filter(code=code).exists():
            require(refuse(_("A body with this code is here already. Look it up in the list."), field="code"))
        body = Body.objects.create(
            kind=facts.kind,
            code=code,
            name=facts.name.strip(),
            region=facts.region or region_of(code),
            address=facts.address,
            contact_name=facts.contact_name,
            contact_phone=facts.contact_phone,
            admitted_at=clock.now(),
        )
        log.record("body.admitted", body, actor, kind=body.kind, code=code, name=body.name, reason=reason.strip())
        if administrator_email:
            create_invitation(log, actor=actor, body=body, email=administrator_email, roles=first_roles(body.kind))
        return body
