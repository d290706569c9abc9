"""Pieces of three characters, the shorter text, what else is the same; thousands in seconds."""

from __future__ import annotations

import random
import time
from datetime import date

from hypothesis import given, strategies as st

from marketplace.ventures.rules.likeness import Project, compare, percent, pieces, same_of, worth_showing

TEXT = st.text(alphabet="老人居民社区服务上门陪伴儿童家庭", min_size=0, max_size=200)


def test_signs_blanks_and_width_do_not_count():
    assert pieces("独居，老人 ＡＢ") == pieces("独居老人ab") == {"独居老", "居老人", "老人a", "人ab"}
    assert pieces("老人") == frozenset()


@given(TEXT, TEXT)
def test_a_percent_is_fair(a, b):
    one, two = pieces(a), pieces(b)
    assert 0 <= percent(one, two) == percent(two, one) <= 100
    assert percent(one, one) == min(len(one) * 100 // 40, 100)


def test_short_titles_are_not_called_alike():
    assert percent(pieces("独居老人结对"), pieces("独居老人探访")) == 5


def test_what_else_is_the_same():
    a = Project("a", "甲", "", place="静安区江宁路街道", starts_on=date(2026, 9, 1), ends_on=date(2027, 4, 30),
                beneficiaries=frozenset({"独居老人"}), body="X")  # fmt: skip
    b = Project("b", "乙", "", place="江宁路街道", starts_on=date(2027, 4, 30), ends_on=date(2027, 12, 31),
                beneficiaries=frozenset({"独居老人", "儿童"}), body="X")  # fmt: skip
    assert same_of(a, b) == ("place", "time", "beneficiaries", "body")
    assert same_of(a, Project("c", "丙", "", starts_on=date(2027, 5, 1), ends_on=date(2027, 6, 1))) == ()
    assert worth_showing(30, ()) and worth_showing(12, ("place", "time"))
    assert not worth_showing(29, ("place",)) and not worth_showing(12, ("body", "time"))


def test_two_thousand_are_compared_in_seconds():
    draw = random.Random(4)
    words = [chr(0x4E00 + draw.randrange(3000)) for _n in range(3000)]
    projects = [Project(f"p{n}", f"{n}", "".join(draw.choices(words, k=600))) for n in range(2000)]
    copied = Project("copy", "copy", projects[7].text[:300] + "".join(draw.choices(words, k=300)))
    began = time.monotonic()
    found = compare([*projects, copied], [])
    assert time.monotonic() - began < 20
    assert [each.other.subject for each in found["copy"]] == ["p7"] and found["p7"][0].percent >= 45
    assert sum(map(len, found.values())) == 2
