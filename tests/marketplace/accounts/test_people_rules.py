"""Rules about roles and invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from marketplace.accounts.roles import ROLES_OF_KIND, BodyKind, Role
from marketplace.accounts.rules import people as rules
from marketplace.core.clock import ZONE

NOW = datetime(2026, 6, 15, 9, tzinfo=ZONE)


@pytest.mark.parametrize("kind", BodyKind.values)
@pytest.mark.parametrize("role", Role.values)
def test_nobody_grants_a_role_that_the_kind_does_not_have(kind: str, role: str) -> None:
    assert rules.check_roles(kind, [role]).allowed is (role in ROLES_OF_KIND[kind])


def test_no_role_and_an_unknown_role_are_refused() -> None:
    assert rules.check_roles(BodyKind.GOVERNMENT, []).field == "roles"
    assert rules.check_roles(BodyKind.GOVERNMENT, ["emperor"]).blocks


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        (["officer"], True),
        (["officer", "custodian"], True),
        (["officer", "approver"], False),
        (["approver", "finance"], False),
        (["officer", "finance"], False),
        (["org_admin", "bidder", "reporter"], True),
    ],
)
def test_one_person_does_not_check_the_own_work(roles: list[str], allowed: bool) -> None:
    assert rules.check_four_eyes(roles).allowed is allowed


@pytest.mark.parametrize(
    ("kind", "operates", "others", "allowed"),
    [
        (BodyKind.GOVERNMENT, False, [BodyKind.ORGANIZATION], True),
        (BodyKind.GOVERNMENT, True, [BodyKind.OPERATOR], False),
        (BodyKind.OPERATOR, False, [BodyKind.GOVERNMENT], False),
        (BodyKind.OPERATOR, False, [], True),
    ],
)
def test_operators_stay_apart(kind: str, operates: bool, others: list[str], allowed: bool) -> None:
    assert rules.check_operator_apart(kind, operates, others).allowed is allowed


def test_the_last_administrator_stays() -> None:
    assert rules.check_administrator_remains(BodyKind.GOVERNMENT, ["approver"], [["officer"]]).blocks
    assert rules.check_administrator_remains(BodyKind.GOVERNMENT, ["approver"], [["approver"]]).allowed
    assert rules.check_administrator_remains(BodyKind.GOVERNMENT, ["officer"], []).allowed
    assert rules.check_administrator_remains(BodyKind.AUDITOR, ["auditor"], []).allowed


@pytest.mark.parametrize(
    ("accepted", "withdrawn", "late", "allowed"),
    [(False, False, 0, True), (True, False, 0, False), (False, True, 0, False), (False, False, 1, False)],
)
def test_an_invitation_is_good_once_and_in_time(accepted: bool, withdrawn: bool, late: int, allowed: bool) -> None:
    now = NOW + timedelta(seconds=late)
    decision = rules.check_invitation_open(accepted=accepted, withdrawn=withdrawn, expires_at=NOW, now=now)
    assert decision.allowed is allowed


def test_an_invitation_is_for_its_address() -> None:
    assert rules.check_address("a@b.example", ["A@B.example"]).allowed
    assert rules.check_address("a@b.example", ["c@b.example"]).field == "email"
    assert rules.check_address("a@b.example", []).blocks
