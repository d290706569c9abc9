"""Organizations through the services: `make_organization(name)`, `admin_of(organization)`, `make_evidence(actor)`."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import Role
from marketplace.accounts.rules.credit_code import valid_uscc
from marketplace.organizations.models import Evidence, EvidenceKind, Organization
from marketplace.organizations.services.evidence import EvidenceFacts, add_evidence
from marketplace.organizations.services.organizations import Registration, register_organization

from .accounts import make_user

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_serial = count(70_000_000)


def make_code(prefix: str = "52", region: str = "310106") -> str:
    """A valid invented code that no other test has."""
    return valid_uscc(prefix, region, next(_serial))


def make_organization(name: str = "晨曦社区服务中心", *, prefix: str = "52", region: str = "310106") -> Organization:
    """Registered by a person of its own, who is its administrator, bidder and reporter (`admin_of`)."""
    person = actor_for(make_user(), None)
    registration = Registration(
        code=make_code(prefix, region),
        name=name,
        legal_representative="林晓晨",
        address="上海市静安区昌平路1000号",
        warnings_confirmed=True,
    )
    return register_organization(actor=person, registration=registration)


def admin_of(organization: Organization) -> Actor:
    """The person who registered it."""
    members = Membership.objects.filter(body=organization.body, ended_at=None).select_related("user", "body")
    member = next(member for member in members.order_by("pk") if Role.ORG_ADMIN in member.roles)
    return actor_for(member.user, member)


def pdf_upload(name: str = "证书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def make_evidence(
    actor: Actor,
    organization: Organization,
    kind: str = EvidenceKind.REGISTRATION,
    *,
    title: str = "法人登记证书",
    valid_until: date | None = None,
) -> Evidence:
    facts = EvidenceFacts(
        kind=kind, title=title, number="沪静民证字第0001号", issuer="静安区民政局", valid_until=valid_until
    )
    return add_evidence(actor=actor, organization_id=organization.pk, facts=facts, upload=pdf_upload())
