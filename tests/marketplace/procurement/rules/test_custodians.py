"""Who may hold a share, and how many open together (R-BID-07: nobody opens early, nobody alone)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.procurement.rules.custodians import Candidate, custodians_suffice, may_hold_share, threshold_for

FIT = Candidate("甲", 1, 1, is_appointed=True, is_proved=True, acts_in_procedure=False, acts_for_supplier=False)


def people(*pairs: tuple[int, int]) -> list[Candidate]:
    return [replace(FIT, user_id=user, body_id=body) for user, body in pairs]


@pytest.mark.parametrize(("count", "threshold"), [(3, 2), (4, 3), (5, 3), (6, 4), (7, 4)])
def test_always_more_than_half_and_never_all(count: int, threshold: int) -> None:
    assert threshold_for(count) == threshold
    assert count / 2 < threshold < count


def test_three_of_two_bodies_suffice() -> None:
    assert custodians_suffice(people((1, 1), (2, 1), (3, 2)))


@pytest.mark.parametrize(
    "candidates",
    [
        [],
        people((1, 1), (2, 2)),
        people(*((n, n) for n in range(8))),
        people((1, 1), (2, 1), (3, 1)),
        people((1, 1), (1, 2), (2, 3)),
    ],
    ids=["none", "two", "eight", "one body", "one person twice"],
)
def test_what_does_not_suffice(candidates: list[Candidate]) -> None:
    decision = custodians_suffice(candidates)
    assert (decision.blocks, decision.rule_id, decision.field) == (True, "R-BID-07", "custodians")


@pytest.mark.parametrize(
    "fault",
    [{"is_appointed": False}, {"is_proved": False}, {"acts_in_procedure": True}, {"acts_for_supplier": True}],
    ids=["not appointed", "not proved", "buyer's officer", "bidder's person"],
)
def test_one_unfit_person_spoils_the_choice(fault: dict[str, bool]) -> None:
    unfit = replace(FIT, **fault)
    assert not may_hold_share(unfit)
    assert "甲" in str(may_hold_share(unfit).reason)
    assert not custodians_suffice([unfit, *people((2, 2), (3, 3))])
