"""The room's rules: units, matching, draws, return of what is left, refunds by way of paying, statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.core.exceptions import MarketplaceError
from marketplace.sponsorship.rules.agreement import AgreementFacts, called_amount, check_list, pay_due
from marketplace.sponsorship.rules.draws import draw, may_name, return_shares
from marketplace.sponsorship.rules.payments import Expected, check_refund, hold_reason, way_of
from marketplace.sponsorship.rules.statement import codes_in, read_rows
from marketplace.sponsorship.rules.units import from_minor, to_minor

D = Decimal
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
yuan = st.integers(0, 10**9).map(lambda fen: D(fen).scaleb(-2))


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("12.34", "CNY", 1234), ("12", "JPY", 12), ("1.230", "KWD", 1230), ("0.01", "cny", 1)],
)
def test_smallest_units(amount, currency, units):
    assert to_minor(D(amount), currency) == units
    assert from_minor(units, currency) == D(amount)


def test_an_amount_that_the_currency_lacks_is_refused():
    with pytest.raises(MarketplaceError) as refused:
        to_minor(D("12.50"), "JPY")
    assert refused.value.field == "amount"


def facts(**changes):
    values = {
        "kind": "sponsor", "pot_kind": "sponsor", "amount": D(100), "pot_room": D(100), "match_rule": "none",
        "match_cap": None, "draw_order": "fifo", "orders_of_pot": [], "has_related": False, "related_text": "",
        "sponsor_applies": False, "payee_name": "a", "bank_name": "b", "bank_account": "c", "has_purpose": True,
    }  # fmt: skip
    return AgreementFacts(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "rule_id", "field"),
    [
        ({"pot_kind": "gift"}, "R-SCOPE-02", "pot"),
        ({"pot_room": D("99.99")}, "R-PLAN-01", "amount"),
        ({"has_purpose": False}, "R-CHAR-02", "restriction"),
        ({"orders_of_pot": ["pro_rata"]}, "R-VENT-13", "draw_order"),
        ({"match_cap": D(5)}, "R-VENT-13", "match_cap"),
        ({"has_related": None}, "R-CHAR-05", "has_related"),
        ({"has_related": True}, "R-CHAR-05", "related_text"),
        ({"sponsor_applies": True}, "R-CHAR-05", "sponsor"),
        ({"bank_account": " "}, "R-CHAR-02", "bank_account"),
    ],
)
def test_each_point_of_the_check_list(changes, rule_id, field):
    refused = [answer for answer in check_list(facts(**changes)) if not answer.allowed]
    assert [(answer.rule_id, answer.field) for answer in refused] == [(rule_id, field)]
    assert all(answer.allowed for answer in check_list(facts()))


@pytest.mark.parametrize(
    ("rule", "cap", "public", "due"),
    [
        ("none", None, 0, 500_000), ("one", None, 600_000, 500_000), ("one", None, 300_000, 300_000),
        ("two", None, 600_000, 300_000), ("two", 200_000, 600_000, 200_000), ("two", None, 0, 0),
    ],
)  # fmt: skip
def test_matching(rule, cap, public, due):
    """R-VENT-13."""
    assert called_amount(D(500_000), rule, D(cap) if cap else None, D(public)) == due


def test_matching_rounds_down_to_the_fen():
    assert called_amount(D(500), "two", None, D("0.03")) == D("0.01")


def test_the_payment_is_open_fourteen_days_to_their_end():
    assert pay_due(NOW) == datetime(2026, 6, 29, 23, 59, 59, tzinfo=UTC)


def test_draw_first_signed_first_used_and_in_proportion():
    assert draw([D(250), D(150)], [D(300), D(200)], in_proportion=False) == [[D(250), 0], [D(50), D(100)]]
    assert draw([D(250)], [D(300), D(200)], in_proportion=True) == [[D(150), D(100)]]
    with pytest.raises(ValueError, match="more is granted"):
        draw([D(501)], [D(300), D(200)], in_proportion=True)


@given(st.lists(yuan, min_size=1, max_size=5), st.lists(yuan, min_size=1, max_size=5), st.booleans())
def test_draws_sum_exactly_and_never_exceed_a_promise(grants, promises, in_proportion):
    total = sum(promises)
    kept = []
    for amount in grants:
        kept.append(min(amount, total - sum(kept)))
    if not total:
        return
    rows = draw(kept, promises, in_proportion=in_proportion)
    assert [sum(row) for row in rows] == kept
    assert all(sum(row[i] for row in rows) <= promise for i, promise in enumerate(promises))
    assert all(part >= 0 for row in rows for part in row)


@given(st.lists(yuan, min_size=1, max_size=8), st.integers(0, 100))
def test_returned_shares_sum_exactly_and_stay_within_each_gift(gifts, percent):
    unused = (sum(gifts) * percent / 100).quantize(D("0.01")) if sum(gifts) else D("0.00")
    shares = return_shares(unused, gifts)
    assert sum(shares) == unused
    assert all(0 <= share <= gift for share, gift in zip(shares, gifts, strict=True))
    total = sum(gifts)
    for share, gift in zip(shares, gifts, strict=True):  # within one fen of the exact part
        assert not total or abs(share - unused * gift / total) < D("0.01") + D("0.000001")


def test_more_than_was_given_cannot_be_left():
    with pytest.raises(ValueError, match="left over"):
        return_shares(D(5), [D(2), D(2)])


def test_half_of_a_project_names_it():
    """R-VENT-13."""
    assert may_name(D(50), D(100)) and not may_name(D("49.99"), D(100)) and not may_name(D(0), D(0))


@pytest.mark.parametrize(
    ("changes", "amount", "currency", "paid_at", "reason"),
    [
        ({}, 100, "CNY", NOW, ""),
        ({}, 100, "cny", NOW, ""),
        ({}, 99, "CNY", NOW, "amount"),
        ({}, 100, "USD", NOW, "currency"),
        ({"status": "paid"}, 100, "CNY", NOW, "repeated"),
        ({"status": "lapsed"}, 100, "CNY", NOW, ""),
        ({"status": "lapsed"}, 100, "CNY", NOW + timedelta(seconds=1), "late"),
        ({"status": "signed"}, 100, "CNY", NOW, "state"),
    ],
)
def test_why_money_is_held(changes, amount, currency, paid_at, reason):
    expected = Expected(**{"status": "called", "amount": D(100), "currency": "CNY", "pay_due": NOW, **changes})
    assert hold_reason(expected, D(amount), currency, paid_at) == reason


def test_money_of_nobody_is_held():
    assert hold_reason(None, D(1), "CNY", NOW) == "unknown"


@pytest.mark.parametrize(
    ("method", "amount", "days", "allowed"),
    [
        ("card", 40, 1000, True), ("card", 61, 1, False), ("alipay", 40, 90, True), ("alipay", 40, 91, False),
        ("wechat_pay", 40, 181, False), ("newcomer", 40, 1, False), ("bank", 40, 5000, True),
    ],
)  # fmt: skip
def test_refunds_by_way_of_paying(method, amount, days, allowed):
    decision = check_refund(
        way_of(method), paid=D(100), gone=D(40), amount=D(amount), paid_at=NOW, now=NOW + timedelta(days=days)
    )
    assert decision.allowed is allowed


HEAD = ["交易日期", "交易流水号", "贷方发生额", "对方户名", "附言"]


def test_a_statement_is_read_wherever_its_table_begins():
    rows = [
        ["上海银行"],
        ["账号", "316"],
        HEAD,
        ["2026/6/20", "F1", "1,200.50", "海川", "SH-XY-2026-0001"],
        [],
        ["20260621", "F2", "", "x", ""],
    ]
    [credit] = read_rows(rows)
    assert (credit.booked_on, credit.amount, credit.reference) == (date(2026, 6, 20), D("1200.50"), "F1")


def test_missing_columns_and_wrong_rows_are_named():
    with pytest.raises(MarketplaceError) as missing:
        read_rows([["交易日期", "收入", "摘要"], ["2026-06-20", "5", ""]])
    assert "交易流水号" in str(missing.value) and missing.value.code == "columns"
    wrong = [
        HEAD,
        ["2026-06-20", "", "5", "a", ""],
        ["昨天", "F2", "5", "a", ""],
        ["2026-06-20", "F3", "五元", "a", ""],
    ]
    with pytest.raises(MarketplaceError) as rows:
        read_rows(wrong)
    assert all(f"第 {number} 行" in str(rows.value) for number in (2, 3, 4))
    with pytest.raises(MarketplaceError):
        read_rows([HEAD])


def test_codes_are_found_however_they_are_written():
    assert codes_in("付款 sh－xy—2026-0003 谢谢") == ["SH-XY-2026-0003"]
    assert codes_in("SH-XY-2026-0003和SH-XY-2026-0004") == ["SH-XY-2026-0003", "SH-XY-2026-0004"]
    assert codes_in("房租") == []
