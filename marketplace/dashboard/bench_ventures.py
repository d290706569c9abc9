"""A call with thousands of applications: how long the deal of its reviews and its ranking page take.

The rows are made in bulk, in a transaction that is undone. Counted is the time of this process on the processor: with
SQLite that is all of it, and a busy machine does not spoil it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import median
from time import process_time

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Body, Membership, User
from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.ventures.models import (
    Application,
    ApplicationReview,
    ApplicationStatus,
    Assessment,
    AssessmentStatus,
    Call,
    CallStatus,
    FormVersion,
    PanelMember,
    PanelRole,
    PanelStatus,
)
from marketplace.ventures.rules.assignment import assign

from .bench import BACKEND, SESSION_KEY, Target, Timing, count_queries, get, officer_membership

SEED = "bench"


@dataclass(frozen=True)
class Size:
    applications: int = 2000
    reviewers: int = 60
    each: int = 5


def measure(rounds: int, size: Size) -> list[Timing]:
    with transaction.atomic():
        try:
            return list(_timings(rounds, size))
        finally:
            transaction.set_rollback(True)


def _timings(rounds: int, size: Size) -> Iterator[Timing]:
    membership = officer_membership()
    row = _assessment(membership)
    members, keys = _panel(row, membership, size), _applications(row, membership, size)
    start = process_time()
    dealt = assign(keys, members, size.each, _conflicts(keys, members), SEED)
    yield Timing("deal", f"{size.applications} × {size.each}", round((process_time() - start) * 1000, 2), 0, 0)
    _reviews(dealt)
    target = Target("ranking", reverse("ventures:assessment-ranking", args=[row.pk]), _client(membership))
    queries = count_queries(target)
    times = [_processor_time(target) for _round in range(rounds)]
    yield Timing(target.name, target.path, round(median(times), 2), 0, queries)


def _processor_time(target: Target) -> float:
    cache.clear()
    start = process_time()
    get(target)
    return (process_time() - start) * 1000


def _client(membership: Membership) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(membership.user, backend=BACKEND)
    session = client.session
    session[SESSION_KEY] = membership.pk
    session.save()
    return client


def _assessment(membership: Membership) -> Assessment:
    now = clock.now()
    call = Call.objects.create(
        lead=membership.body,
        number="BENCH",
        title="Bench",
        status=CallStatus.CLOSED,
        created_by=membership.user,
        created_at=now,
    )
    FormVersion.objects.create(call=call, number=1, blocks=[], frozen_at=now)
    return Assessment.objects.create(
        call=call,
        status=AssessmentStatus.DELIBERATION,
        is_normalised=True,
        seed=SEED,
        opened_by=membership.user,
        opened_at=now,
    )


def _panel(row: Assessment, membership: Membership, size: Size) -> list[int]:
    users = User.objects.bulk_create(
        [User(email=f"bench{number}@example.org", name=f"评委{number}") for number in range(size.reviewers)]
    )
    members = PanelMember.objects.bulk_create(
        [
            PanelMember(
                assessment=row,
                user=user,
                role=PanelRole.values[number % 4],
                status=PanelStatus.ACCEPTED,
                invited_by=membership.user,
                invited_at=row.opened_at,
            )
            for number, user in enumerate(users)
        ]
    )
    return [member.pk for member in members]


def _applications(row: Assessment, membership: Membership, size: Size) -> list:
    bodies = Body.objects.bulk_create(
        [
            Body(kind=BodyKind.ORGANIZATION, name=f"机构{number}", region="310000", code=f"BENCH{number:013d}")
            for number in range(size.applications)
        ],
        batch_size=500,
    )
    form = row.call.form_versions.get()
    rows = Application.objects.bulk_create(
        [
            Application(
                call=row.call,
                body=body,
                form=form,
                status=ApplicationStatus.ACCEPTED,
                title=f"项目{number}",
                created_by=membership.user,
                created_at=row.opened_at,
                submitted_at=row.opened_at,
            )
            for number, body in enumerate(bodies)
        ],
        batch_size=500,
    )
    return [each.pk for each in rows]


def _conflicts(keys: list, members: list[int]) -> dict:
    """Each application has none to five ties."""
    chance = Random(SEED)  # noqa: S311 - made-up data
    return {key: set(chance.sample(members, chance.choice((0, 0, 1, 2, 5)))) for key in keys}


def _reviews(dealt: dict) -> None:
    chance, now = Random(SEED), clock.now()  # noqa: S311 - made-up data
    ApplicationReview.objects.bulk_create(
        [
            ApplicationReview(
                application_id=key,
                member_id=member,
                hundredths=chance.randrange(40, 200) * 50,
                assigned_at=now,
                submitted_at=now,
            )
            for key, chosen in dealt.items()
            for member in chosen
        ],
        batch_size=500,
    )
