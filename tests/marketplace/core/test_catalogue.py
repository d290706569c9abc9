"""The catalogue of rules: complete, readable, and the only source of titles, articles and numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from marketplace.core import catalogue as book
from marketplace.core.catalogue.words import KEYS, UNITS
from marketplace.core.decisions import Level


def test_every_rule_is_complete() -> None:
    rules = book.catalogue()
    assert len(rules) == 246
    for rule in rules.values():
        assert rule.zh, rule.id
        assert rule.en, rule.id
        assert rule.article, rule.id
        assert rule.section in book.sections(), rule.id
        assert set(rule.verification.split("/")) <= {"T", "P", "S", "D", "MEM-high", "MEM-med", "MEM-low"}, rule.id
        for figure in rule.values.values():
            assert figure.unit in UNITS, rule.id
            assert figure.key in KEYS, rule.id
            assert figure.relation_words is not None


@pytest.mark.parametrize(
    ("rule_id", "key", "value"),
    [
        ("R-TENDER-01", "value", 20),
        ("R-TENDER-06", "value", 15),
        ("R-EVAL-05", "services", 10),
        ("R-EVAL-16", "mean", Decimal("0.50")),
        ("R-EVAL-16", "ceiling", Decimal("0.45")),
        ("R-COMM-03", "value", Fraction(2, 3)),
        ("R-SCOPE-05", "open_tender", 2_000_000),
        ("R-ELIG-10", "fine", Decimal("0.5")),
        ("R-ORG-06", "registrar", "05-31"),
    ],
)
def test_values_are_exact(rule_id: str, key: str, value: book.Value) -> None:
    read = book.rule(rule_id).value(key)
    assert read == value
    assert type(read) is type(value)


def test_a_rule_shows_itself_in_both_languages() -> None:
    rule = book.rule("R-TENDER-01")
    with translation.override("zh-hans"):
        assert rule.title == "自招标文件发出之日起至投标截止不少于二十日"
        assert book.citation("R-TENDER-01") == f"{rule.zh} · 政府采购法第三十五条 · R-TENDER-01"
    with translation.override("en"):
        assert rule.title == "At least twenty days from issue of the documents to the bid deadline"
    assert (rule.values["value"].relation, rule.values["value"].unit) == ("≥", "d")


def test_marks_of_verification() -> None:
    assert book.rule("R-EVAL-16").to_verify
    assert book.rule("R-TENDER-08").to_verify
    assert not book.rule("R-TENDER-01").to_verify
    assert book.rule("R-TIME-09").is_ours
    assert not book.rule("R-TENDER-01").is_ours


def test_levels_of_enforcement() -> None:
    assert book.rule("R-TENDER-01").enforcement.level is Level.BLOCK
    assert book.rule("R-PLAN-03").enforcement.level is Level.WARN
    assert book.rule("R-SCOPE-05").enforcement.level is Level.BLOCK
    assert book.rule("R-GPS-11").enforcement.level is Level.INFO


def test_an_unknown_id_is_an_error_in_code_and_visible_in_text() -> None:
    with pytest.raises(KeyError):
        book.rule("R-NOTHING-01")
    assert book.citation("R-NOTHING-01") == "R-NOTHING-01"


def test_a_broken_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="not a figure"):
        book.Figure.read("value", "")


def test_numbers_are_written_for_people() -> None:
    assert book.rule("R-SCOPE-05").values["threshold"].number == "1,000,000"
    assert book.rule("R-COMM-03").values["value"].number == "2/3"


def test_no_word_is_kept_for_nothing() -> None:
    figures = [figure for rule in book.catalogue().values() for figure in rule.values.values()]
    assert {figure.unit for figure in figures} == set(UNITS)
    assert {figure.key for figure in figures} == set(KEYS)


def test_how_far_a_rule_was_checked_is_said_in_words() -> None:
    with translation.override("en"):
        assert [str(word) for word in book.rule("R-EVAL-10").verification_words] == [
            "seen in secondary sources only",
            "from memory",
        ]
