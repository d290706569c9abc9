"""The permission matrix: every address × every role. What `permissions.toml` does not list, fails.

A row says who may (`may`), who is told that it is not for them (`forbidden`: 403), and everybody else finds nothing
(404). Signed-out people are asked to sign in, unless the row is `public`.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marketplace import urls
from tests.support.signed_in import client_for
from tests.support.undo import undone

from . import cases  # noqa: F401  registers the cases
from .addresses import Address, addresses, example
from .watch import watched
from .world import ROLES, SCENES, Case, World

TABLE = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text(encoding="utf-8"))
MAY, FORBIDDEN, HIDDEN, SIGN_IN = "may", "forbidden", "hidden", "sign-in"
SIGNED_IN = [role for role in ROLES if role != "anonymous"]


@dataclass(frozen=True)
class Row:
    """One address with one object, and what each role is answered."""

    name: str
    case: str
    may: frozenset[str]
    forbidden: frozenset[str]
    is_public: bool
    redirects: bool  # to the sign-in page, whoever asks
    values: dict[str, Any]

    def expected(self, role: str) -> str:
        if self.redirects:
            return SIGN_IN
        if role in self.may or self.is_public:
            return MAY
        if role == "anonymous":
            return SIGN_IN
        return FORBIDDEN if role in self.forbidden else HIDDEN


def roles(words: str) -> frozenset[str]:
    """Role names; `everybody` signed in; a name of a group of the table; `others` is filled in by the row."""
    found: set[str] = set()
    for word in words.split():
        found |= (
            set(SIGNED_IN)
            if word == "everybody"
            else roles(TABLE["groups"][word])
            if word in TABLE["groups"]
            else {word}
        )
    unknown = found - set(ROLES)
    assert not unknown, unknown
    return frozenset(found)


def row(key: str, entry: dict[str, Any]) -> Row:
    name, _at, case = key.partition("@")
    may = roles(entry.get("may", "")) - roles(entry.get("but", ""))
    forbidden = frozenset(SIGNED_IN) - may if entry.get("forbidden") == "others" else roles(entry.get("forbidden", ""))
    return Row(
        name,
        case or "nothing",
        may,
        forbidden,
        entry.get("public", False),
        entry.get("redirects", False),
        entry.get("values", {}),
    )


ROWS = {key: row(key, entry) for key, entry in TABLE["address"].items()}
PARAMETERS = {address.name: address.parameters for address in addresses()}


def share_of(row: Row) -> str:
    """Rows that are asked in one world: those of a scene, and of addresses without an object those of a room."""
    return SCENES[row.case] if row.case != "nothing" else "without object: " + row.name.partition(":")[0]


NOT_OURS = {"wagtail_serve", "wagtailcore_login"}  # the pages that editors make; hidden behind our `page-login`


def ours() -> Iterator[Address]:
    """All but the editors' interface (below) and the pages that editors make."""
    return (address for address in addresses() if not address.is_admin and address.name not in NOT_OURS)


OURS_INSTEAD = {"admin/login/", "_util/login/"}  # our sign-in page stands before Wagtail's, on purpose


def test_no_address_hides_another() -> None:
    routes: dict[str, set[str]] = {}
    for address in addresses():
        shape = re.sub(r"<(\w+:)?\w+>", "<>", address.route)
        routes.setdefault(shape, set()).add(address.name)
    assert {shape: names for shape, names in routes.items() if len(names) > 1 and shape not in OURS_INSTEAD} == {}


def test_every_address_is_listed_and_every_row_is_an_address():
    judged = {row.name for row in ROWS.values()} | set(TABLE["elsewhere"])
    there = {address.name for address in ours()}
    assert not there - judged, f"not in permissions.toml: {sorted(there - judged)}"
    assert not judged - there, f"in permissions.toml, but gone: {sorted(judged - there)}"


WORKSPACE = [address for address in addresses() if address.route.startswith("workspace/")]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_workspace_asks_everybody_to_sign_in(method, quiet):
    """Every address below `/workspace/`, rows or not: whoever is signed out sees nothing of it."""
    assert len(WORKSPACE) > 150
    client = Client()
    found = [
        f"{address.route}: {response.status_code}"
        for address in WORKSPACE
        for response in [ask(client, method, example(address.route))]
        if answer(response) != SIGN_IN and response.status_code not in (404, 405)
    ]
    assert not found, "\n".join(found)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of refusals: their pages are shown elsewhere, their log lines tell nothing here."""
    monkeypatch.setattr(urls, "handler403", lambda _request, exception=None: HttpResponse(status=403), raising=False)
    monkeypatch.setattr(urls, "handler404", lambda _request, exception=None: HttpResponse(status=404), raising=False)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


def answer(response: HttpResponse) -> str:
    if response.status_code == 302 and response["Location"].startswith((reverse("account_login"), "/admin/login/")):
        return SIGN_IN
    return {403: FORBIDDEN, 404: HIDDEN}.get(response.status_code, MAY)


def ask(client: Client, method: str, address: str) -> HttpResponse:
    """In a savepoint: whatever the request changes is undone, signing out included."""
    cookies = client.cookies.output(header="", sep="\n")
    with undone():
        response = getattr(client, method)(address)
        if response.streaming:
            response.getvalue()  # the file behind it closes at its end
    client.cookies.clear()
    client.cookies.load(cookies)
    return response


def check_role(row: Row, role: str, world: World, clients: dict[int | None, Client]) -> Iterator[str]:
    """Pages are asked by GET and, as forms may be forged, by POST; buttons by POST. One who may posts in any case."""
    case = world.case(row.case)
    actor = world.person(role, case)
    client = clients.setdefault(actor.user_id, client_for(actor))
    given = {**case.values, **row.values}
    address = reverse(row.name, kwargs={name: given[name] for name in PARAMETERS[row.name]})
    expected = row.expected(role)
    got = ask(client, "get", address)
    if got.status_code != 405 and answer(got) != expected:
        yield f"{row.name}@{row.case} GET as {role}: {answer(got)} ({got.status_code}), expected {expected}"
    if got.status_code == 405 or expected != MAY or (role in row.may and role == min(row.may)):
        got = ask(client, "post", address)
        if got.status_code != 405 and answer(got) != expected:
            yield f"{row.name}@{row.case} POST as {role}: {answer(got)} ({got.status_code}), expected {expected}"


SHARES = sorted({share_of(row) for row in ROWS.values()})


@pytest.mark.django_db
@pytest.mark.parametrize("share", SHARES)
def test_each_role_gets_what_the_table_says(share, quiet):
    world, clients = World(), {}
    with watched() as gone:
        found = [
            line
            for row in ROWS.values()
            if share_of(row) == share
            for role in ROLES
            for line in check_role(row, role, world, clients)
        ]
    assert not gone, f"has legal meaning, and was deleted: {gone}"
    assert not found, "\n".join(found)


EDITORS_ONLY = [address for address in addresses() if address.is_admin and address.name != "editor-login"]
OPEN_IN_ADMIN = {"wagtailadmin_logout", "wagtailadmin_javascript_catalog", "wagtailadmin_sprite"}
NEAR = [role for role in ROLES if not role.startswith("other_") and role != "editor"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", NEAR)
def test_the_editors_interface_is_for_editors(role, quiet):
    """Nobody else gets in anywhere; numbers in addresses are those of the root page and the like."""
    assert len(EDITORS_ONLY) > 150
    actor = World().person(role, Case())
    client, found = client_for(actor), []
    for address in EDITORS_ONLY:
        response = ask(client, "get", example(address.route))
        if answer(response) == MAY and response.status_code != 405 and address.name not in OPEN_IN_ADMIN:
            found.append(
                f"{address.route} ({address.name}): {response.status_code} {response.headers.get('Location', '')}"
            )
    assert not found, "\n".join(found)
