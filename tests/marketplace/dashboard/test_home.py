"""The home of each role: due things first, no dead end, a constant number of queries."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from marketplace.accounts.roles import ROLES_OF_KIND, BodyKind, Role
from marketplace.core import clock
from marketplace.web import tasks
from marketplace.web.tasks import Task, Urgency
from tests.factories.accounts import make_body, make_person

pytestmark = pytest.mark.django_db
ROLES = [(kind, role) for kind, roles in ROLES_OF_KIND.items() for role in roles]


@pytest.fixture
def sources(monkeypatch):
    """The registry with nothing in it but what the test puts there."""
    found: list = []
    monkeypatch.setattr(tasks, "_sources", found)
    return found


@pytest.mark.parametrize(("kind", "role"), ROLES, ids=[f"{kind}-{role}" for kind, role in ROLES])
def test_every_role_has_a_home_with_a_way_on(client_for, kind, role, django_assert_max_num_queries):
    client = client_for(make_person(make_body(kind), role))
    with django_assert_max_num_queries(25):
        page = client.get("/workspace/")
    assert page.status_code == 200
    assert page.context["areas"] or page.context["public_links"]


def test_a_person_without_a_body_is_told_how_to_begin(client_for):
    page = client_for(make_person(None)).get("/workspace/").content.decode()
    assert "您还没有代表任何单位" in page
    assert 'href="/workspace/organization/register/"' in page


def test_an_operator_is_offered_no_organization_to_register(client_for):
    """`people:memberships` is everybody's page; the register itself refuses operators."""
    operator, newcomer = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR), make_person(None)
    assert "/workspace/organization/register/" not in client_for(operator).get("/accounts/roles/").content.decode()
    assert "/workspace/organization/register/" in client_for(newcomer).get("/accounts/roles/").content.decode()


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.get("/workspace/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_what_presses_comes_first_and_is_counted(client_for, sources):
    now = clock.now()
    sources.append(
        lambda actor: [
            Task("确认中标人", due=now + timedelta(days=9)),
            Task("答复质疑", due=now - timedelta(days=1), rule_id="R-OBJ-06", url="/rules/"),
            Task("等对方签署", urgency="wait"),
            Task("开标", due=now + timedelta(hours=2)),
        ]
    )
    page = client_for(make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)).get("/workspace/")
    assert [task.title for task in page.context["pressing"]] == ["答复质疑", "开标"]
    assert [task.title for task in page.context["coming"]] == ["确认中标人", "等对方签署"]
    heading = page.content.decode().split("<h1>")[1].split("</h1>")[0]
    assert heading == "上午好，今天有 2 件事到期"


@pytest.mark.parametrize(
    ("due", "level"),
    [
        (datetime(2026, 6, 15, 8, 59, 59, tzinfo=clock.ZONE), Urgency.OVERDUE),
        (datetime(2026, 6, 15, 9, 0, 0, tzinfo=clock.ZONE), Urgency.NOW),
        (datetime(2026, 6, 15, 23, 59, 59, tzinfo=clock.ZONE), Urgency.NOW),
        (datetime(2026, 6, 16, 0, 0, 0, tzinfo=clock.ZONE), Urgency.SOON),
        (datetime(2026, 6, 18, 12, 0, 0, tzinfo=clock.ZONE), Urgency.SOON),
        (datetime(2026, 6, 19, 0, 0, 0, tzinfo=clock.ZONE), Urgency.LATER),
    ],
)
def test_urgency_by_the_market_day(due, level):
    assert Task("x", due=due).level is level


def test_a_day_is_due_until_its_end():
    assert Task("x", due=clock.today()).level is Urgency.NOW


def test_tasks_speak_the_readers_language(client_for):
    with translation.override("en"):
        page = client_for(make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)).get("/en/workspace/")
    assert "Good morning, nothing is due today" in page.content.decode()
