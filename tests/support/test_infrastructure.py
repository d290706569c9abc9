"""The ground itself: what the fixtures promise to every other test."""

from datetime import date, datetime

import pytest
from stdnum.cn import uscc
from wagtail.models import Locale, Page

from marketplace.accounts.models import Body, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from tests.factories.accounts import make_body, make_person
from tests.support import machine


@pytest.mark.django_db
def test_clock_stands_still_at_the_markets_instant(market_clock):
    assert clock.now() == datetime(2026, 6, 15, 9, 0, tzinfo=clock.ZONE)
    assert market_clock.advance(days=1, minutes=5) == clock.now() == datetime(2026, 6, 16, 9, 5, tzinfo=clock.ZONE)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BodyKind.values)
def test_made_bodies_have_valid_codes(kind):
    first, second = make_body(kind), make_body(kind)
    assert uscc.is_valid(first.code) and uscc.is_valid(second.code)
    assert first.name != second.name


@pytest.mark.django_db
def test_made_person_acts_for_the_body_with_the_role():
    body = make_body(BodyKind.GOVERNMENT)
    officer, approver = make_person(body, Role.OFFICER), make_person(body, Role.APPROVER)
    assert (officer.body_id, officer.has(Role.OFFICER), officer.has_second_factor) == (body.pk, True, False)
    assert approver.has_second_factor


@pytest.mark.django_db
def test_client_acts_for_the_chosen_membership(client_for):
    body = make_body(BodyKind.ORGANIZATION)
    bidder = make_person(body, Role.BIDDER)
    client = client_for(bidder)
    assert client.session["acting_membership"] == Membership.objects.get(user_id=bidder.user_id).pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_are_gone_and_migrated_rows_are_back_after_each_test(turn):
    assert Body.objects.count() == 0
    assert Page.objects.filter(depth=1).count() == 1 and Locale.objects.count() >= 1
    make_body()


def test_browser_shows_a_page_of_the_live_server(live_server, page, client_for):
    assert Page.objects.filter(depth=1).count() == 1
    response = page.goto("/healthz")
    assert response.status == 200


def test_a_session_may_live_on_another_day_of_the_machine():
    far = machine.Machine("2027-03-01")
    with machine.chosen().at_home():
        home = date.today()
        far.leave()
        try:
            assert date.today() == date(2027, 3, 1)
            with far.at_home():
                assert date.today() == home
            assert clock.machine_now().date() == date(2027, 3, 1)
        finally:
            far.come_back()
        assert date.today() == home


def test_the_chosen_day_of_the_machine_is_todays():
    chosen = machine.chosen()
    assert not chosen.day or date.today() == date.fromisoformat(chosen.day)
