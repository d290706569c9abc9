"""R-TIME-04, R-TIME-08: reading a year's table of holidays and shifted working days."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.accounts.rules.year_table import check_past_unchanged, check_table, read_table

FULL = """
2027-01-01 休 元旦
2027-02-05 休 除夕
2027-02-07 班 春节调休
2027-05-01 休 劳动节
2027-05-03 休 劳动节
2027/10/01, 休, 国庆节
2027年10月4日 休 国庆节
2027-10-09 班 国庆节调休
"""


def test_a_full_table_is_read() -> None:
    table = read_table(FULL, 2027)
    assert table.errors == []
    assert [(day.day.isoformat(), day.is_workday, day.reason) for day in table.differing] == [
        ("2027-01-01", False, "元旦"),
        ("2027-02-05", False, "除夕"),
        ("2027-02-07", True, "春节调休"),
        ("2027-05-03", False, "劳动节"),
        ("2027-10-01", False, "国庆节"),
        ("2027-10-04", False, "国庆节"),
        ("2027-10-09", True, "国庆节调休"),
    ]
    assert (table.holidays, table.shifted) == (5, 2)
    assert check_table(table).allowed


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2027-02-30 休", "2027-02-30"),
        ("昨天 休", "昨天"),
        ("2026-01-01 休 元旦", "2027"),
        ("2027-01-01 元旦", "元旦"),
        ("2027-01-01", "休"),
    ],
)
def test_each_wrong_row_is_named(line: str, says: str) -> None:
    table = read_table(f"{FULL}\n{line}", 2027)
    assert [(error.row, says in error.message) for error in table.errors] == [(11, True)]
    assert check_table(table).blocks


def test_a_day_twice_is_an_error() -> None:
    table = read_table(FULL + "2027-01-01 班", 2027)
    assert len(table.errors) == 1


def test_a_half_table_is_refused() -> None:
    decision = check_table(read_table("2027-01-01 休 元旦", 2027))
    assert (decision.blocks, decision.rule_id, decision.field) == (True, "R-TIME-04", "table")
    assert "2027-05-03" not in str(decision.reason)
    assert "2027-10-01" in str(decision.reason)


def test_a_statutory_holiday_cannot_be_a_working_day() -> None:
    decision = check_table(read_table(FULL.replace("2027-05-01 休", "2027-05-01 班"), 2027))
    assert decision.blocks
    assert "2027-05-01" in str(decision.reason)


def test_r_time_08_a_past_day_of_a_known_year_does_not_change() -> None:
    table = read_table(FULL, 2027)
    known = {day.day: day.is_workday for day in table.differing}
    assert check_past_unchanged(table, known, date(2027, 6, 1)).allowed
    changed = read_table(FULL.replace("2027-02-05 休 除夕\n", ""), 2027)
    assert check_past_unchanged(changed, known, date(2027, 6, 1)).blocks
    assert check_past_unchanged(changed, known, date(2027, 1, 2)).allowed
