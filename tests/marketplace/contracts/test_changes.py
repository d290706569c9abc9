"""Change requests during performance: asked, decided, confirmed above a tenth; the pots' sums never change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.models import ChangeRequest, ChangeStatus
from marketplace.contracts.services import change as changes
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.documents.models import Document
from tests.factories import grants

pytestmark = pytest.mark.django_db
D = Decimal


def budget(world: grants.GrantWorld) -> list[list[Decimal]]:
    return [[part.amount for part in line.parts.all()] for line in world.agreement.budget.all()]


def test_a_small_shift_needs_one_officer_and_makes_a_supplement() -> None:
    world, change = grants.asked_change()
    assert budget(world) == [[D("40000.00")], [D("20000.00"), D("20000.00")], [D("10000.00")]]
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意调整")
    change.refresh_from_db()
    assert change.status == ChangeStatus.APPROVED
    assert budget(world) == [[D("35000.00")], [D("25000.00"), D("20000.00")], [D("10000.00")]]
    assert change.before.startswith("活动物资") and "35,000.00" in change.after
    assert Document.objects.filter(kind="contract_supplement", subject=f"contracts.changerequest:{change.pk}").exists()


def test_a_change_that_was_not_approved_changes_nothing() -> None:
    world, change = grants.asked_change()
    with pytest.raises(MarketplaceError):
        changes.decide_change(actor=world.officer, change_id=change.pk, approve=False, opinion=" ")
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=False, opinion="理由不充分")
    change.refresh_from_db()
    assert change.status == ChangeStatus.REFUSED
    assert budget(world)[0] == [D("40000.00")]
    assert not Document.objects.filter(kind="contract_supplement").exists()
    with pytest.raises(MarketplaceError):
        changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意")


def test_above_a_tenth_a_second_officer_confirms_and_small_ones_add_up() -> None:
    world, first = grants.asked_change()
    changes.decide_change(actor=world.officer, change_id=first.pk, approve=True, opinion="同意")
    _world, second = grants.asked_change(world, amount=D("4000.01"))
    changes.decide_change(actor=world.officer, change_id=second.pk, approve=True, opinion="同意")
    second.refresh_from_db()
    assert second.status == ChangeStatus.CONFIRMING
    assert budget(world)[0] == [D("35000.00")]
    with pytest.raises(NotAllowed):
        changes.confirm_change(actor=world.officer, change_id=second.pk, approve=True)
    changes.confirm_change(actor=world.approver, change_id=second.pk, approve=True)
    assert budget(world)[0] == [D("30999.99")]


def test_the_second_officer_may_refuse() -> None:
    world, change = grants.asked_change(amount=D("10000.00"))
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意")
    with pytest.raises(MarketplaceError):
        changes.confirm_change(actor=world.approver, change_id=change.pk, approve=False)
    changes.confirm_change(actor=world.approver, change_id=change.pk, approve=False, reason="超出必要")
    change.refresh_from_db()
    assert change.status == ChangeStatus.REFUSED
    assert budget(world)[0] == [D("40000.00")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": D("40000.01")},
        {"amount": D("0.00")},
        {"reason": " "},
        {"to_line_id": 0},
        {"kind": "team", "before": "", "after": "王丽"},
        {"kind": "period"},
        {"kind": "period", "term_to": date(2027, 7, 1)},
        {"kind": "period", "term_to": date(2026, 6, 1)},
    ],
    ids=["too much", "nothing", "no reason", "strange line", "no before", "no day", "beyond the call", "past"],
)
def test_what_is_refused_leaves_nothing(wrong: dict) -> None:
    world = grants.active_agreement()
    with pytest.raises(MarketplaceError):
        grants.asked_change(world, **wrong)
    assert not ChangeRequest.objects.exists()


def test_spent_money_cannot_be_shifted() -> None:
    world = grants.passed(grants.active_agreement(), 2, "38000.00", "1000.00", "1000.00")
    with pytest.raises(Refused):
        grants.asked_change(world, amount=D("2000.01"))
    grants.asked_change(world, amount=D("2000.00"))


def test_one_open_request_of_a_kind_by_the_organization_only() -> None:
    world, _change = grants.asked_change()
    with pytest.raises(MarketplaceError):
        grants.asked_change(world)
    with pytest.raises(NotAllowed):
        changes.ask_change(actor=world.officer, contract_id=world.agreement.pk, data=grants.change_input(world))


def test_a_longer_period_moves_the_final_stage() -> None:
    world, change = grants.asked_change(kind="period", term_to=date(2027, 4, 30))
    before = world.milestone(3).due_on
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意延期")
    world.refresh()
    assert world.agreement.term_to == date(2027, 4, 30)
    assert (world.milestone(3).due_on - before).days == 30


def test_the_officer_hears_of_a_request_and_the_organization_of_the_answer() -> None:
    from marketplace.notifications.models import Message

    world, change = grants.asked_change()
    told = Message.objects.filter(kind="change-asked").values_list("user_id", flat=True)
    assert list(told) == [world.officer.user_id]
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=False, opinion="理由不充分")
    answers = Message.objects.filter(kind="change-decided")
    assert {message.user_id for message in answers} == {world.admin.user_id, world.reporter.user_id}
    assert "理由不充分" in answers[0].text
