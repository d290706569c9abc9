"""Numbers per kind, region and year: readable, without gaps, none given twice."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from marketplace.core.identifiers import next_number, region_letters
from tests.support.clock import MarketClock


@pytest.mark.parametrize(
    ("region", "letters"),
    [
        ("310106", "SH"),
        ("330203", "NB"),
        ("330100", "330100"),
        ("440703", "JM"),
        ("440402", "ZH"),
        ("110101", "110101"),
    ],
)
def test_letters_of_a_region(region: str, letters: str) -> None:
    assert region_letters(region) == letters


@pytest.mark.django_db
def test_series_by_kind_region_and_year(market_clock: MarketClock) -> None:
    assert [next_number("project", "310106") for _turn in range(2)] == ["SH-2026-0001", "SH-2026-0002"]
    assert next_number("contract", "310106") == "SH-HT-2026-0001"
    assert next_number("project", "310000") == "SH-2026-0003"
    assert next_number("project", "330203") == "NB-2026-0001"
    assert next_number("project", "310106", year=2025) == "SH-2025-0001"
    market_clock.advance(days=365)
    assert next_number("project", "310106") == "SH-2027-0001"


@pytest.mark.django_db
def test_a_number_that_was_not_used_comes_back() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number("project", "310106")
        raise RuntimeError
    assert next_number("project", "310106") == "SH-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_different_numbers_without_a_gap() -> None:
    found: list[str] = []

    def take() -> None:
        try:
            for turn in range(30):
                try:
                    with transaction.atomic():
                        number = next_number("project", "310106", year=2026)
                        if turn % 5 == 0:
                            raise RuntimeError
                    found.append(number)
                except RuntimeError:
                    continue
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [f"SH-2026-{n:04d}" for n in range(1, 49)]
