"""How long main pages take on the server, as a ratio to a bare Wagtail page in the same run on the same data.

A ratio can be compared between machines; milliseconds cannot. Everything runs in a transaction that is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import TypeVar

from django.core.cache import cache
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, Site

from marketplace.accounts.middleware import SESSION_KEY
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.organizations.models import Organization
from marketplace.procurement.models import Award, Lot, Tender
from marketplace.publication.models import NoticeSnapshot

T = TypeVar("T")
BACKEND = "django.contrib.auth.backends.ModelBackend"
BARE = "bare-page-of-bench"


@dataclass(frozen=True)
class Timing:
    """Median server time of one page, its ratio to the bare page, and its queries."""

    name: str
    path: str
    ms: float
    ratio: float
    queries: int


@dataclass(frozen=True)
class Target:
    name: str
    path: str
    client: Client


def measure(rounds: int) -> list[Timing]:
    """The bare page first, then the ten; all of them once in each round, so that a busy moment hits all alike."""
    with transaction.atomic():
        try:
            targets = [bare_page(), *main_pages()]
            queries = [count_queries(target) for target in targets]
            times = [median(column) for column in zip(*(one_round(targets) for _ in range(rounds)), strict=True)]
        finally:
            transaction.set_rollback(True)
    return [
        Timing(target.name, target.path, round(ms, 2), round(ms / times[0], 2), count)
        for target, ms, count in zip(targets, times, queries, strict=True)
    ]


def as_dicts(timings: list[Timing]) -> list[dict[str, object]]:
    return [asdict(timing) for timing in timings]


def one_round(targets: list[Target]) -> list[float]:
    return [milliseconds(target) for target in targets]


def milliseconds(target: Target) -> float:
    cache.clear()  # uncached is what is compared
    start = perf_counter()
    get(target)
    return (perf_counter() - start) * 1000


def get(target: Target) -> None:
    response = target.client.get(target.path)
    if response.status_code != 200:
        raise CommandError(f"{target.path} answers {response.status_code}.")
    response.getvalue()


def count_queries(target: Target) -> int:
    get(target)  # once before, so that content types and the like are known
    with CaptureQueriesContext(connection) as queries:
        get(target)
    return len(queries)


def bare_page() -> Target:
    """A page of Wagtail's own base type, which has nothing but a title."""
    home = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    page = home.add_child(instance=Page(title="Bench", slug=BARE, live=True))
    return Target("bare Wagtail page", page.url, anonymous())


def anonymous() -> Client:
    return Client(SERVER_NAME="localhost")


def main_pages() -> Iterator[Target]:
    public, officer = anonymous(), officer_client()
    for name, path in public_pages():
        yield Target(name, path, public)
    for name, path in workspace_pages():
        yield Target(name, path, officer)


def public_pages() -> Iterator[tuple[str, str]]:
    tender = newest(lambda: Tender.objects.public().order_by("pk").last(), "tender")
    organization = newest(lambda: Organization.objects.select_related("body").order_by("pk").last(), "organization")
    notice = newest(lambda: NoticeSnapshot.objects.order_by("pk").last(), "notice")
    award = newest(lambda: Award.objects.select_related("lot__tender").order_by("pk").first(), "award")
    yield "home", "/"
    yield "notices", "/notices/"
    yield "notice", f"/notices/{notice.number}/"
    yield "tender", reverse("procurement:tender-public", args=[tender.number])
    yield "projects", reverse("transparency:project-list")
    yield "project", reverse("transparency:project-detail", args=[award.lot.tender.number])
    yield "organization", reverse("organizations:organization-detail", args=[organization.body.code])


def workspace_pages() -> Iterator[tuple[str, str]]:
    body = officer_membership().body_id
    lot = newest(lambda: Lot.objects.filter(tender__buyer_id=body).exclude(tender__number=None).last(), "lot")
    yield "workspace", reverse("dashboard:home")
    yield "own tenders", reverse("procurement:tender-list")
    yield "lot", reverse("procurement:lot-detail", args=[lot.pk])


def newest(find: Callable[[], T | None], what: str) -> T:
    row = find()
    if row is None:
        raise CommandError(f"There is no {what} to show. Build the demo world first: manage.py seed_demo")
    return row


def officer_membership() -> Membership:
    """An officer whose body has published a tender."""
    rows = Membership.objects.current().filter(body__kind=BodyKind.GOVERNMENT, body__tenders__status="published")
    found = (row for row in rows.select_related("user", "body").order_by("pk") if Role.OFFICER in row.roles)
    return newest(lambda: next(found, None), "officer")


def officer_client() -> Client:
    membership = officer_membership()
    client = Client(SERVER_NAME="localhost")
    client.force_login(membership.user, backend=BACKEND)
    session = client.session
    session[SESSION_KEY] = membership.pk
    session.save()
    return client
