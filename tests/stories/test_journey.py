"""One open tender through every role, in Chromium, with the law enforced: from the year's list to the face.

Everybody works on the real pages and finds things by their words; what the worker does is a step of the test. A
picture of every step lies in `var/screenshots/journey/`; a page with an error in the console, wider than its screen
or with a finding of axe fails the journey at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from marketplace.demo.hints import register_all
from marketplace.web import hints
from tests.support.clock import MarketClock
from tests.support.postgresql import is_chosen
from tests.support.walker import Walker, screenshots

from .journey import bidding, delivering, reviewing, tendering, town
from .journey.stage import Stage

pytestmark = [
    pytest.mark.story,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(is_chosen(), reason="A journey runs on SQLite; services are tested on PostgreSQL one by one."),
]
CHAPTERS = (
    tendering.the_years_list,
    tendering.the_intention,
    tendering.the_wizard,
    tendering.the_publication,
    tendering.the_question,
    bidding.three_bids,
    bidding.the_opening,
    reviewing.the_eligibility,
    reviewing.the_committee,
    reviewing.the_review,
    reviewing.the_report,
    reviewing.the_award,
    delivering.the_contract,
    delivering.first_milestone,
    delivering.last_milestone,
    delivering.the_evaluation,
    delivering.what_everybody_sees,
)


@pytest.fixture
def stage(
    browser: Browser,
    live_server: Any,
    market_clock: MarketClock,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    queued_tasks: None,
) -> Iterator[Stage]:
    """As a newcomer meets it after `make run`: demo mode with its logins and codes; nothing bought yet."""
    settings.MARKETPLACE_DEMO = True
    monkeypatch.setattr(hints, "_hints", {})
    register_all()
    town.build()
    walker = Walker(browser, live_server.url, screenshots("journey"))
    yield Stage(walker, market_clock, tmp_path)
    walker.close()


def test_one_tender_from_the_years_list_to_the_face(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    for chapter in CHAPTERS:
        chapter(stage)
    stage.walker.check()
    call_command("verify_log")
    call_command("verify_award", stage.number)
    told = capsys.readouterr().out
    assert stage.number in told
