"""The form: what it must hold, limits of blocks, the standard form, its frozen shape."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from marketplace.ventures.rules.form import STANDARD, Block, as_json, block_fault, form_decisions, from_json, next_key

TEXT = Block("b1", "text", "需求", most_characters=500)
TABLE = Block("b2", "table", "合作单位", columns=("单位", "分工"))


def refused(blocks):
    return [d.rule_id for d in form_decisions(blocks) if not d.allowed]


def without(kind):
    return [block for block in STANDARD if block.kind != kind]


def test_the_standard_form_holds_every_rule():
    assert refused(STANDARD) == []
    assert {block.criterion for block in STANDARD} >= {"need", "plan", "innovation", "team", "budget", "effect"}


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([], ["R-VENT-12"]),
        (without("budget"), ["R-SCOPE-02", "R-VENT-12"]),
        (without("timetable"), ["R-VENT-06"]),
        ([replace(block, is_required=False) for block in STANDARD], ["R-VENT-03"]),
        ([*STANDARD, replace(STANDARD[7], key="b99", title="第二预算")], ["R-SCOPE-02"]),
        ([*STANDARD, replace(TEXT, title=STANDARD[0].title)], ["R-VENT-12"]),
        ([block for block in STANDARD if block.criterion != "innovation"], ["R-VENT-12"]),
    ],
)
def test_basics_are_there(blocks, found):
    assert refused(blocks) == found


@pytest.mark.parametrize(
    ("block", "field"),
    [
        (replace(TEXT, title=" "), "title"),
        (replace(TEXT, most_characters=None), "most_characters"),
        (replace(TEXT, most_characters=20001), "most_characters"),
        (replace(TABLE, most_rows=61), "most_rows"),
        (replace(TABLE, least_rows=9, most_rows=8), "least_rows"),
        (replace(TABLE, columns=()), "columns"),
        (replace(TABLE, columns=tuple("abcdefghi")), "columns"),
        (replace(TABLE, columns=("单位", "单位")), "columns"),
    ],
)
def test_limits_of_a_block(block, field):
    answer = block_fault(block)
    assert not answer.allowed and answer.field == field


def test_good_blocks():
    assert block_fault(TEXT).allowed and block_fault(TABLE).allowed
    assert [column.label for column in TABLE.all_columns] == ["单位", "分工"]
    assert TEXT.all_columns == () and not TEXT.has_rows


def test_frozen_form_comes_back_as_it_was():
    assert from_json(json.loads(json.dumps(as_json([*STANDARD, TABLE])))) == [*STANDARD, TABLE]


@pytest.mark.parametrize(("keys", "key"), [([], "b1"), (["b1", "b10", "b2"], "b11")])
def test_keys_are_never_given_twice(keys, key):
    assert next_key(keys) == key
