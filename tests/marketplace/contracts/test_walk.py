"""The thin walk: from an award to the face."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.models import ContractStatus, EvaluationStatus, Grade
from marketplace.contracts.tasks import contract_tasks
from marketplace.funds.models import FundKind
from marketplace.funds.selectors import balance_of
from marketplace.organizations.models import Face, Organization
from tests.factories.contracts import World, active_contract, assigned_evaluation, evaluated_contract, paid_milestone

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


def to_evaluate(world: World) -> list[str]:
    """The rules by which the officer is asked to have the contract evaluated."""
    return [task.rule_id for task in contract_tasks(world.officer) if "/evaluate/" in task.url]


def test_paid_and_evaluated_the_contract_is_completed_and_releases_nothing() -> None:
    """R-LOT-07: lottery money is not done with before somebody has evaluated what came of it."""
    world = paid_milestone()
    for position in (2, 3):
        world = paid_milestone(world, position)
    assert world.contract.status == ContractStatus.ACTIVE
    assert to_evaluate(world) == ["R-LOT-07"]
    world = evaluated_contract(world)
    assert to_evaluate(world) == []
    assert world.contract.status == ContractStatus.COMPLETED
    balance = balance_of(world.awarded.line)
    assert (balance.paid, balance.released, balance.outstanding) == (Decimal("486000.00"), 0, 0)
    assert date(2026, 6, 15) == world.contract.completed_at.date()


def test_fiscal_money_completes_with_the_last_payment_and_may_be_evaluated_later() -> None:
    world = paid_milestone(active_contract(kind=FundKind.FISCAL, shares=(100,)))
    assert world.contract.status == ContractStatus.COMPLETED
    assert to_evaluate(world) == ["R-GPS-09"]
    assert assigned_evaluation(world).evaluation is not None
