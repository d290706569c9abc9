"""A world in which every address has an object to show, and every role a person near to it and one far from it.

`CASES[name]()` builds an object through the services and answers a `Case`: the values in the address, and who of the
roles of the matrix stands near that object. Roles that a case does not name are played by people of other bodies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group

from marketplace.accounts.actors import ANONYMOUS, Actor
from marketplace.accounts.models import Body, User
from marketplace.accounts.roles import BodyKind, Role
from tests.factories.accounts import make_body, make_person

# role of the matrix → (kind of body, role held there). «near_» stands for the body that the object belongs to.
ROLES: dict[str, tuple[str, str] | None] = {
    "anonymous": None,
    "visitor": None,
    "officer": (BodyKind.GOVERNMENT, Role.OFFICER),
    "approver": (BodyKind.GOVERNMENT, Role.APPROVER),
    "finance": (BodyKind.GOVERNMENT, Role.FINANCE),
    "agent": (BodyKind.AGENCY, Role.OFFICER),
    "bidder": (BodyKind.ORGANIZATION, Role.BIDDER),
    "reporter": (BodyKind.ORGANIZATION, Role.REPORTER),
    "org_admin": (BodyKind.ORGANIZATION, Role.ORG_ADMIN),
    "expert": (BodyKind.EXPERT_REGISTER, Role.EXPERT),
    "custodian": (BodyKind.SUPERVISOR, Role.CUSTODIAN),
    "evaluator": (BodyKind.EVALUATOR, Role.EVALUATOR),
    "other_officer": (BodyKind.GOVERNMENT, Role.OFFICER),
    "other_approver": (BodyKind.GOVERNMENT, Role.APPROVER),
    "other_finance": (BodyKind.GOVERNMENT, Role.FINANCE),
    "other_bidder": (BodyKind.ORGANIZATION, Role.BIDDER),
    "other_expert": (BodyKind.EXPERT_REGISTER, Role.EXPERT),
    "other_custodian": (BodyKind.AUDITOR, Role.CUSTODIAN),
    "other_evaluator": (BodyKind.EVALUATOR, Role.EVALUATOR),
    "operator": (BodyKind.OPERATOR, Role.OPERATOR),
    "supervisor": (BodyKind.SUPERVISOR, Role.SUPERVISOR),
    "auditor": (BodyKind.AUDITOR, Role.AUDITOR),
    "editor": None,
}


@dataclass
class Case:
    """`values` fill the address; `people` are those near the object, by role of the matrix."""

    values: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)


def people_of(body: Body, *roles: str) -> dict[str, Actor]:
    """A fresh person of the body for each role, with a second factor, so that nobody is sent to set one up."""
    return {role: make_person(body, role, second_factor=True) for role in roles}


def buyer_of(body: Body) -> dict[str, Actor]:
    return people_of(body, Role.OFFICER, Role.APPROVER, Role.FINANCE)


def organization_of(body: Body) -> dict[str, Actor]:
    return people_of(body, Role.BIDDER, Role.REPORTER, Role.ORG_ADMIN)


def neutral_person(role: str) -> Actor:
    """A person of this role far from every object; «visitor» is signed in and has no role, «editor» edits pages."""
    if role == "anonymous":
        return ANONYMOUS
    place = ROLES[role]
    if place is not None:
        kind, held = place
        return make_person(make_body(kind), held, second_factor=True)
    person = make_person(None, second_factor=True)
    if role == "editor":
        User.objects.get(pk=person.user_id).groups.add(Group.objects.get(name="Editors"))
    return person


@dataclass
class World:
    """Cases are built when first asked for; people far away are shared."""

    cases: dict[str, Case] = field(default_factory=dict)
    far: dict[str, Actor] = field(default_factory=dict)

    def case(self, name: str) -> Case:
        if name not in self.cases:
            self.cases[name] = CASES[name](self)
        return self.cases[name]

    def person(self, role: str, case: Case) -> Actor:
        if role in case.people:
            return case.people[role]
        if role not in self.far:
            self.far[role] = neutral_person(role)
        return self.far[role]


Builder = Callable[[World], Case]
CASES: dict[str, Builder] = {}
SCENES: dict[str, str] = {}


def case(scene: str) -> Callable[[Builder], Builder]:
    """Register a case. Cases of one scene share a world; scenes do not disturb each other's clock."""

    def register(builder: Builder) -> Builder:
        CASES[builder.__name__], SCENES[builder.__name__] = builder, scene
        return builder

    return register
