"""Decisions, events, locks: the small parts that every service is made of."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from marketplace.accounts.models import Body
from marketplace.core import events
from marketplace.core.decisions import (
    ALLOWED,
    Level,
    allow,
    first_refusal,
    refuse,
    require,
    require_permission,
    require_reasons,
)
from marketplace.core.exceptions import CalendarMissing, NotAllowed, NotFound, Refused, StaleVersion
from marketplace.core.locking import locked, locked_all
from tests.factories.accounts import make_body

NO = refuse("too early", "R-TENDER-01", field="deadline")
WARNING = refuse("tight", "R-TIME-09", level=Level.WARN)


def test_truth_and_blocking() -> None:
    assert allow("R-TENDER-01")
    assert not NO
    assert NO.blocks
    assert not WARNING
    assert not WARNING.blocks


def test_the_first_refusal_is_raised_with_rule_and_field() -> None:
    require(ALLOWED, WARNING)
    with pytest.raises(Refused) as refusal:
        require(ALLOWED, NO, refuse("later", "R-TENDER-02"))
    assert (refusal.value.rule_id, refusal.value.field, refusal.value.decision) == ("R-TENDER-01", "deadline", NO)
    assert first_refusal(ALLOWED, WARNING, NO) is WARNING
    assert first_refusal() is ALLOWED


def test_a_warning_passes_with_a_written_reason_only() -> None:
    require_reasons([ALLOWED, WARNING], "written reason")
    for decisions, reason in (([WARNING], "  "), ([NO], "any reason")):
        with pytest.raises(Refused):
            require_reasons(decisions, reason)


def test_permissions_raise_another_error() -> None:
    require_permission(ALLOWED)
    with pytest.raises(NotAllowed) as refusal:
        require_permission(NO)
    assert refusal.value.rule_id == "R-TENDER-01"


def test_named_errors_carry_what_a_page_needs() -> None:
    assert CalendarMissing(2027, field="deadline").field == "deadline"
    stale = StaleVersion("older", current="stored")
    assert (stale.code, stale.current, str(stale)) == ("stale", "stored", "older")


@dataclass(frozen=True)
class Happened:
    number: int


def test_events_reach_each_subscriber_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []

    def first(event: Happened) -> None:
        heard.append(("first", event.number))

    def second(event: Happened) -> None:
        heard.append(("second", event.number))

    for handler in (first, second, first):
        events.subscribe(Happened, handler)
    events.announce(Happened(1))
    events.announce(NO)
    assert heard == [("first", 1), ("second", 1)]


@pytest.mark.django_db
def test_rows_come_locked_in_the_order_asked_for() -> None:
    one, two = make_body(), make_body(name="杨浦区民政局")
    with transaction.atomic():
        assert locked_all(Body, [two.pk, one.pk]) == [two, one]
        assert locked(Body, str(one.pk)) == one
        for missing in (0, 987654):
            with pytest.raises(NotFound):
                locked(Body, missing)
