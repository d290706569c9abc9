"""What the demo tells newcomers: logins, codes and passphrases, in demo mode only."""

from __future__ import annotations

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.services import second_factor
from marketplace.core import clock
from marketplace.demo.codes import fresh_code, usable_code
from marketplace.demo.hints import register_all
from marketplace.demo.people import CUSTODIAN_PASSPHRASES, PASSWORD
from marketplace.web import hints
from tests.factories.accounts import make_body, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_mode(settings, monkeypatch):
    settings.MARKETPLACE_DEMO = True
    monkeypatch.setattr(hints, "_hints", {})
    register_all()


def test_outside_demo_mode_no_page_tells_anything(client: Client):
    actor = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    page = client.get(reverse("account_login")).content.decode()
    assert PASSWORD not in page
    assert hints._hints.keys().isdisjoint({"login", "second_factor", "custodian", "top"})
    assert usable_code(User.objects.get(pk=actor.user_id)) == ""


def test_outside_demo_mode_no_world_is_built():
    """A real marketplace has no invented bodies."""
    people = User.objects.count()
    with pytest.raises(CommandError, match="MARKETPLACE_DEMO"):
        call_command("seed_demo")
    assert User.objects.count() == people


def test_outside_demo_mode_no_code_is_made_up():
    user = User.objects.get(pk=make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER).user_id)
    assert fresh_code(user) == ""


def test_building_the_world_never_runs_out_of_codes(demo_mode, django_capture_on_commit_callbacks):
    """A person signs more often in one minute than there are codes; each is marked as used after the commit."""
    user = User.objects.get(pk=make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER).user_id)
    with time_machine.travel("2099-01-01 10:00:00+08:00", tick=False):
        for _deed in range(6):
            with django_capture_on_commit_callbacks(execute=True):
                second_factor.check(user, fresh_code(user))


def test_outside_demo_mode_the_clock_cannot_be_moved(client: Client):
    before = clock.now()
    assert client.post(reverse("demo:clock"), {"step": "day"}).status_code == 404
    assert clock.now() == before


def test_the_clock_moves_forward_by_a_step(client: Client, demo_mode):
    before = clock.now()
    response = client.post(reverse("demo:clock"), {"step": "day", "next": "/rules/"})
    assert (response.status_code, response["Location"]) == (302, "/rules/")
    assert (clock.now() - before).days == 1


def test_the_clock_never_goes_back(client: Client, demo_mode):
    before = clock.now()
    response = client.post(reverse("demo:clock"), {"instant": "2026-06-01T09:00", "next": "https://example.org/"})
    assert response["Location"] == "/"
    assert clock.now() == before


def test_a_code_that_was_used_is_not_offered_again(demo_mode):
    user = User.objects.get(pk=make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER).user_id)
    first = usable_code(user)
    assert len(first) == 6
    assert usable_code(user) == first


@pytest.mark.parametrize("place", [9, 10, 35, 36])
def test_between_password_and_code_the_page_tells_the_persons_own_code(client: Client, demo_mode, place):
    """Keys above 9 stand in the session with letters, so «10» there is the person with the key 36."""
    for pk in (9, 10, 35, 36):
        User.objects.create_user(f"key-{pk}@example.org", PASSWORD, pk=pk, name=f"演示{pk}")
    actor = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
    person = User.objects.get(pk=place)
    Authenticator.objects.filter(user_id=actor.user_id).update(user=person)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    page = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True)
    assert page.status_code == 200
    assert page.redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))
    assert usable_code(person) in page.content.decode()


def test_custodians_passphrases_are_long_enough():
    assert len(CUSTODIAN_PASSPHRASES) == 3
    assert all(len(words) >= 16 for words in CUSTODIAN_PASSPHRASES.values())
