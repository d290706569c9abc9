"""What the log hashes has one form: exact, without floats, readable by any program that knows RFC 8785."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given, strategies as st

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.audit.canonical import canonical, plain, subject_of


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(1860000), "1860000.00"),
        (Decimal("1E+6"), "1000000.00"),
        (Decimal("0.5"), "0.50"),
        (Decimal("92.4455"), "92.4455"),
        (datetime(2026, 6, 16, 1, 30, tzinfo=UTC), "2026-06-16T09:30:00+08:00"),
        (datetime(2026, 6, 16, 1, 30, 0, 123456, tzinfo=UTC), "2026-06-16T09:30:00.123456+08:00"),
        (date(2026, 6, 16), "2026-06-16"),
        (Fraction(2, 3), "2/3"),
        (b"\x01\xff", "01ff"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (BodyKind.AGENCY, "agency"),
        (gettext_lazy("words that nobody translates"), "words that nobody translates"),
        (Body(pk=7), "accounts.body:7"),
        ({"b": (1, None), "a": {True}}, {"b": [1, None], "a": [True]}),
    ],
)
def test_values_have_one_form(value: Any, written: Any) -> None:
    assert plain(value) == written


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": [0.1]}, Decimal("NaN"), Decimal("Infinity"), datetime(2026, 6, 16, 9, 30), object(), {1: "a"}],  # noqa: DTZ001
)
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        plain(value)


def test_an_object_without_a_key_cannot_be_the_subject() -> None:
    with pytest.raises(ValueError, match="save it first"):
        subject_of(Body())


def test_canonical_form() -> None:
    assert canonical({"b": "晨曦", "a": Decimal("1.5")}) == '{"a":"1.50","b":"晨曦"}'.encode()


@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.integers(-(2**53) + 1, 2**53 - 1))
)
def test_order_of_facts_does_not_matter(facts: dict[str, int]) -> None:
    assert canonical(facts) == canonical(dict(reversed(facts.items())))
