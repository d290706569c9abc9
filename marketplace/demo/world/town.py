"""The town: bodies admitted, people with their roles and second factors, organizations with their files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor, actor_for
from marketplace.accounts.models import Body, Membership, User
from marketplace.accounts.roles import BodyKind
from marketplace.accounts.rules.credit_code import valid_uscc
from marketplace.core import clock
from marketplace.organizations.models import EvidenceKind, Organization, Relation
from marketplace.organizations.services.accounts import propose_account
from marketplace.organizations.services.evidence import EvidenceFacts, add_evidence
from marketplace.organizations.services.links import LinkFacts, add_link
from marketplace.organizations.services.organizations import Registration, change_facts, register_organization
from marketplace.organizations.services.verification import verify_organization

from ..codes import fresh_code
from ..papers import paper, upload
from ..people import BODIES, PASSWORD, PEOPLE, DemoBody, DemoPerson, needs_code

PREFIX = {
    BodyKind.GOVERNMENT: "11",
    BodyKind.SUPERVISOR: "11",
    BodyKind.AGENCY: "51",
    BodyKind.EVALUATOR: "52",
    BodyKind.EXPERT_REGISTER: "12",
    BodyKind.AUDITOR: "91",
    BodyKind.OPERATOR: "12",
    BodyKind.ORGANIZATION: "52",
    BodyKind.SPONSOR: "91",
}
AREAS = {
    "chenxi": "社区为老服务、老年助餐",
    "xinye": "残疾人服务、就业支持",
    "tongxing": "青少年与困境儿童服务",
    "nuanyang": "居家养老、日间照料",
    "anlan": "社会工作、家庭支持",
}


@dataclass
class Town:
    """Who lives here. `actor(email)` acts for the person's body."""

    bodies: dict[str, Body] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def body(self, key: str) -> Body:
        return self.bodies[key]

    def actor(self, email: str) -> Actor:
        return self.actors[email]

    def people(self, *names: str) -> list[Actor]:
        return [self.actors[name] for name in names]

    def code(self, actor: Actor) -> str:
        """A fresh one-time code of a person; the building of the world signs faster than codes change."""
        return fresh_code(User.objects.get(pk=actor.user_id))


def build_town() -> Town:
    town = Town()
    for serial, plan in enumerate(BODIES, start=1):
        if plan.kind != BodyKind.ORGANIZATION:
            town.bodies[plan.key] = _admit(plan, serial)
    for person in PEOPLE:
        if person.body in town.bodies:
            town.actors[person.email] = _employ(person, town.bodies[person.body])
    for serial, plan in enumerate(BODIES, start=1):
        if plan.kind == BodyKind.ORGANIZATION:
            _register(town, plan, serial)
    return town


def _admit(plan: DemoBody, serial: int) -> Body:
    with audit.transaction() as log:
        body = Body.objects.create(
            kind=plan.kind,
            code=valid_uscc(PREFIX[BodyKind(plan.kind)], plan.region, 100 + serial),
            name=plan.name,
            region=plan.region,
            address="上海市（演示地址）",
            contact_name=plan.contact,
            contact_phone=f"021-6000 {serial:04d}",
            admitted_at=clock.now(),
            is_demo=True,
        )
        log.record("body.admitted", body, SYSTEM, kind=body.kind, code=body.code, name=body.name)
    return body


@cache
def hashed_password() -> str:
    """One password for all: hashed once, a quarter of a second each otherwise."""
    return make_password(PASSWORD)


def make_user(plan: DemoPerson) -> User:
    user = User.objects.create(email=plan.email, password=hashed_password(), name=plan.name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    if needs_code(plan):
        secret = base64.b32encode(hashlib.sha256(b"yizhao demo " + plan.email.encode()).digest()[:20]).decode()
        TOTP.activate(user, secret)
    return user


def _employ(plan: DemoPerson, body: Body) -> Actor:
    user = make_user(plan)
    with audit.transaction() as log:
        membership = Membership.objects.create(
            user=user, body=body, roles=[str(role) for role in plan.roles], since=clock.now()
        )
        log.record("membership.granted", membership, SYSTEM, body=body.code, roles=membership.roles)
    return actor_for(user, membership, has_second_factor=needs_code(plan))


def _register(town: Town, plan: DemoBody, serial: int) -> None:
    """An organization registers itself, then files its facts, account and evidence."""
    person = next(person for person in PEOPLE if person.body == plan.key)
    user = make_user(person)
    code = valid_uscc("52", plan.region, 100 + serial)
    organization = register_organization(
        actor=actor_for(user, None),
        registration=Registration(
            code=code,
            name=plan.name,
            legal_representative=f"{plan.contact}（演示）",
            address="上海市（演示地址）",
            contact_name=plan.contact,
            contact_phone=f"021-6100 {serial:04d}",
            warnings_confirmed=True,
        ),
    )
    Body.objects.filter(pk=organization.body_id).update(is_demo=True)
    actor = actor_for(user, Membership.objects.select_related("body").get(user=user, body=organization.body))
    town.bodies[plan.key], town.actors[person.email] = organization.body, actor
    _file(town, actor, organization, plan, serial)


def _file(town: Town, actor: Actor, organization: Organization, plan: DemoBody, serial: int) -> None:
    facts = {
        "registered_on": date(2012 + serial % 8, 3, 1 + serial % 27),
        "service_areas": AREAS[plan.key],
        "summary": f"{plan.name}在社区提供{AREAS[plan.key]}等服务。本机构为演示虚构。",
    }
    change_facts(actor=actor, organization_id=organization.pk, facts=facts)
    head = LinkFacts(name=f"{plan.contact}（演示）", relation=Relation.HEAD, since=date(2018, 1, 1))
    add_link(actor=actor, organization_id=organization.pk, facts=head)
    account = f"6222{serial:04d}00{serial:06d}"
    propose_account(actor=actor, organization_id=organization.pk, bank_name="演示银行静安支行", bank_account=account)
    for kind, title in (
        (EvidenceKind.REGISTRATION, "民办非企业单位登记证书"),
        (EvidenceKind.FINANCE, "上年度财务报告及完税、社保缴纳证明"),
        (EvidenceKind.CAPABILITY, "场地、设备和专业人员情况"),
    ):
        add_evidence(
            actor=actor,
            organization_id=organization.pk,
            facts=EvidenceFacts(
                kind=kind, title=title, number=f"演示-{serial:03d}", issuer="演示机关", valid_until=date(2028, 12, 31)
            ),
            upload=upload(f"{title}.pdf", paper("证明文件", plan.name, pages=1)),
        )
    if plan.key in ("chenxi", "nuanyang"):
        supervisor = town.actor("operator@yizhao.example")
        verify_organization(
            actor=supervisor, organization_id=organization.pk, evidence="与登记管理机关公开信息核对一致（演示）"
        )
