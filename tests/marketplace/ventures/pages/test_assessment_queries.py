"""The applicant's list, the assessment and the decision ask the database as often for ten applications as for a hundred."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.ventures.models import Application, ApplicationStatus, ApplicationVersion, GrantProposal, ProposedShare
from tests.factories import assessment as factory
from tests.factories.accounts import make_body
from tests.factories.applications import submitted_application
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
MOST = 25


def more(like: Application, n: int, **changes) -> list[Application]:
    """Rows only: like the one given, with a version each."""
    rows = [
        Application(
            call_id=like.call_id,
            form_id=like.form_id,
            title=f"项目{number}",
            created_by_id=like.created_by_id,
            created_at=clock.now(),
            submitted_at=clock.now(),
            status=like.status,
            body=changes.get("body") or make_body("organization"),
        )
        for number in range(n)
    ]
    Application.objects.bulk_create(rows)
    ApplicationVersion.objects.bulk_create(
        ApplicationVersion(
            application=row,
            number=1,
            content=like.versions.get().content,
            sha256="0" * 64,
            receipt_number=f"SB-{row.pk}"[:40],
            submitted_by_id=like.created_by_id,
            received_at=clock.now(),
        )
        for row in rows
    )
    return rows


def asked(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def holds(few: int, many: int) -> None:
    assert few == many <= MOST, (few, many)


def test_the_applicants_list(market_clock):
    application = submitted_application()
    client, url = client_for(application.actor), reverse("ventures:application-list")
    more(application, 9, body=application.body)
    few = asked(client, url)
    more(application, 90, body=application.body)
    holds(few, asked(client, url))


@pytest.fixture
def fitted():
    return factory.fitted()


def test_the_assessment(fitted):
    client, url = client_for(fitted.officer), reverse("ventures:assessment-detail", args=[fitted.assessment.pk])
    like = fitted.applications[0]
    assert like.status == ApplicationStatus.ACCEPTED
    more(like, 6)
    few = asked(client, url)
    more(like, 90)
    holds(few, asked(client, url))


def test_the_decision(fitted):
    client, url = client_for(fitted.officer), reverse("ventures:assessment-decision", args=[fitted.assessment.pk])
    propose(fitted, more(fitted.applications[0], 6))
    few = asked(client, url)
    propose(fitted, more(fitted.applications[0], 90))
    holds(few, asked(client, url))


def propose(town, rows: list[Application]) -> None:
    place, pots = GrantProposal.objects.count(), list(town.call.pots.all())
    found = GrantProposal.objects.bulk_create(
        GrantProposal(
            assessment=town.assessment,
            application=row,
            rank=place + number,
            place=place + number,
            total=Decimal("60.00"),
            asked=Decimal("2.00"),
            amount=Decimal("2.00"),
        )
        for number, row in enumerate(rows, start=1)
    )
    shares = [ProposedShare(proposal=row, pot=pot, amount=Decimal("1.00")) for row in found for pot in pots]
    ProposedShare.objects.bulk_create(shares)
