"""`manage.py bench pages` measures what it says, on whatever world there is, and leaves nothing behind."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from marketplace.ventures.models import Application
from tests.factories.organizations import make_organization
from tests.factories.publication import published_notice
from tests.factories.review import award_panel


@pytest.mark.django_db
def test_bench_prints_ten_pages_as_a_ratio_to_the_bare_one():
    award_panel(3)
    make_organization()
    published_notice()
    before, out = Page.objects.count(), StringIO()
    call_command("bench", "pages", "--json", "--rounds=2", stdout=out)
    bare, *pages = json.loads(out.getvalue())
    assert (bare["name"], bare["ratio"], len(pages)) == ("bare Wagtail page", 1.0, 10)
    for page in pages:
        assert page["ms"] > 0
        assert page["ratio"] == pytest.approx(page["ms"] / bare["ms"], abs=0.05)
    assert Page.objects.count() == before


@pytest.mark.django_db
def test_bench_without_a_world_says_what_to_do():
    with pytest.raises(CommandError, match="seed_demo"):
        call_command("bench", "pages")


@pytest.mark.django_db
def test_bench_of_a_call_with_many_applications_asks_a_constant_number_of_questions():
    award_panel(3)
    found = []
    for count in (20, 200):
        out = StringIO()
        call_command("bench", "ventures", "--json", "--rounds=1", f"--applications={count}", stdout=out)
        deal, ranking = json.loads(out.getvalue())
        assert (deal["name"], ranking["name"]) == ("deal", "ranking")
        found.append(ranking["queries"])
    assert found[0] == found[1] <= 25
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_ranking_of_two_thousand_applications_by_five_reviewers():
    award_panel(3)
    out = StringIO()
    call_command("bench", "ventures", "--json", "--rounds=5", stdout=out)
    deal, ranking = json.loads(out.getvalue())
    assert deal["ms"] < 10_000
    assert ranking["ms"] < 300
