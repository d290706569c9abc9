"""R-COMM-05: the draw that anyone can repeat."""

from collections import Counter
from hashlib import sha256

from hypothesis import given, strategies as st

from marketplace.procurement.rules.draw import draw_seed, drawn_order, pool_digest

NUMBERS = st.lists(st.from_regex(r"E[0-9]{4}", fullmatch=True), unique=True, max_size=30)


def test_the_commitment_is_what_the_document_says() -> None:
    assert pool_digest(["E2", "E1"], "salt") == sha256(b"salt\nE1\nE2").hexdigest()


def test_the_seed_is_head_and_lot_number() -> None:
    assert draw_seed("ab12", "SH-2026-0137-1") == sha256(b"ab12\nSH-2026-0137-1").hexdigest()
    assert draw_seed("ab12", "SH-2026-0137-1", "tie") == sha256(b"ab12\nSH-2026-0137-1\ntie").hexdigest()


def test_the_order_is_by_digest() -> None:
    expected = sorted(["E1", "E2", "E3"], key=lambda number: sha256(f"seed\n{number}".encode()).hexdigest())
    assert drawn_order(["E3", "E1", "E2"], "seed") == expected


@given(NUMBERS, st.text(max_size=8))
def test_every_expert_is_drawn_once_whatever_the_order_of_the_pool(numbers: list[str], seed: str) -> None:
    order = drawn_order(numbers, seed)
    assert sorted(order) == sorted(numbers)
    assert drawn_order(reversed(numbers), seed) == order


@given(NUMBERS, NUMBERS)
def test_another_pool_has_another_commitment(one: list[str], other: list[str]) -> None:
    assert (pool_digest(one, "s") == pool_digest(other, "s")) is (sorted(one) == sorted(other))


def test_nobody_is_favoured() -> None:
    firsts = Counter(drawn_order(["E1", "E2", "E3", "E4"], draw_seed(f"{n:064x}", "L"))[0] for n in range(4000))
    assert all(880 < firsts[number] < 1120 for number in ("E1", "E2", "E3", "E4"))
