"""The thin walk: from an award to the face."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.models import ContractStatus, EvaluationStatus, Grade
from marketplace.funds.selectors import balance_of
from marketplace.organizations.models import Face, Organization
from tests.factories.contracts import assigned_evaluation, evaluated_contract, paid_milestone

pytestmark = pytest.mark.django_db


def test_an_award_becomes_a_paid_and_evaluated_contract_with_a_face() -> None:
    world = paid_milestone()
    balance = balance_of(world.awarded.line)
    assert (balance.committed, balance.paid, balance.available) == (
        Decimal("486000.00"),
        Decimal("243000.00"),
        Decimal("514000.00"),
    )
    world = evaluated_contract(world)
    assert world.evaluation is not None
    assert world.evaluation.status == EvaluationStatus.FINAL
    assert (world.evaluation.total, world.evaluation.grade) == (Decimal("92.40"), Grade.EXCELLENT)
    organization = Organization.objects.get(body=world.supplier)
    assert organization.face == Face.GOOD
    assert "92.40" in organization.face_reason


def test_the_last_payment_completes_the_contract_and_releases_nothing() -> None:
    world = paid_milestone()
    for position in (2, 3):
        world = paid_milestone(world, position)
    assert world.contract.status == ContractStatus.COMPLETED
    balance = balance_of(world.awarded.line)
    assert (balance.paid, balance.released, balance.outstanding) == (Decimal("486000.00"), 0, 0)
    assert date(2026, 6, 15) == world.contract.completed_at.date()
    assert assigned_evaluation(world).evaluation is not None
