"""No identity number becomes public (R-PUB-02)."""

from __future__ import annotations

import pytest

from marketplace.audit.models import LogEntry
from marketplace.core.exceptions import Refused
from marketplace.publication.models import NoticeSnapshot
from marketplace.publication.privacy import identity_numbers, no_identity_number
from tests.factories.publication import published_notice

NUMBER = "11010519491231002X"


@pytest.mark.parametrize("text", [f"联系人 {NUMBER}。", NUMBER.lower(), f"编号：{NUMBER}，上海"])
def test_identity_number_is_found(text):
    assert len(identity_numbers(text)) == 1


@pytest.mark.parametrize(
    "text", ["52310106MJ49876543", "110105194912310021", "6222021001112223334", "021-60000000", "2026061509300000001"]
)
def test_other_numbers_are_none(text):
    """Credit codes, a wrong check digit, accounts, phones."""
    assert identity_numbers(text) == []


def test_the_field_is_named_and_the_number_is_not_repeated():
    answer = no_identity_number({"needs": "送餐", "rows": [{"text": f"张某 {NUMBER}"}]})
    assert not answer.allowed and (answer.rule_id, answer.field) == ("R-PUB-02", "rows")
    assert NUMBER not in str(answer.reason)
    assert no_identity_number({"needs": "送餐", "rows": [{"text": "无"}], "amount": 3}).allowed


@pytest.mark.django_db
def test_notice_with_an_identity_number_is_not_published():
    with pytest.raises(Refused) as refusal:
        published_notice("termination", reason=f"经办人 {NUMBER} 调离")
    assert refusal.value.rule_id == "R-PUB-02" and refusal.value.field == "reason"
    assert not NoticeSnapshot.objects.exists()
    assert not LogEntry.objects.filter(action="notice.published").exists()
