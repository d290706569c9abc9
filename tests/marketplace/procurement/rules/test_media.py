"""R-PUB-01: what may be recorded about a notice on a designated medium."""

from __future__ import annotations

from datetime import datetime

import pytest

from marketplace.core.clock import ZONE
from marketplace.procurement.rules.media import believable, designated

NOTICED = datetime(2026, 6, 15, 15, tzinfo=ZONE)
NOW = datetime(2026, 6, 17, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "rule_id"),
    [
        (datetime(2026, 6, 16, 8, tzinfo=ZONE), None),
        (datetime(2026, 6, 15, 9, tzinfo=ZONE), None),  # the same day, earlier than here
        (NOW, None),
        (datetime(2026, 6, 14, 23, 59, tzinfo=ZONE), "R-PUB-01"),
        (datetime(2026, 6, 17, 9, 1, tzinfo=ZONE), "R-TIME-07"),
    ],
)
def test_moment_of_the_publication(moment, rule_id):
    answer = believable(moment, NOTICED, NOW)
    assert (answer.allowed, answer.rule_id) == (rule_id is None, rule_id or "R-PUB-01")
    assert answer.allowed or answer.field == "published_at"


def test_medium_is_one_of_the_designated():
    assert designated("中国政府采购网", ["中国政府采购网"])
    answer = designated("某某门户网", ["中国政府采购网", "上海政府采购网"])
    assert answer.blocks and answer.field == "medium" and "上海政府采购网" in str(answer.reason)
