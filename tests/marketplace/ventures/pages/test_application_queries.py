"""The officer's list asks the database as often for ten applications as for two hundred."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.audit.canonical import canonical
from marketplace.core import clock
from marketplace.ventures.models import Application, ApplicationStatus, ApplicationVersion
from tests.factories.accounts import make_body
from tests.factories.applications import again, closed_call, submitted_application
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
MOST = 25


def many(like: Application, n: int) -> None:
    """As many more as asked for: rows only, since handing in two hundred through the pages is another test."""
    content = like.versions.get().content
    bodies = [make_body("organization", name=f"第{n}到{number}号服务中心") for number in range(n)]
    rows = [
        Application(
            call_id=like.call_id,
            body=body,
            form_id=like.form_id,
            status=ApplicationStatus.SUBMITTED,
            title=f"项目{number}",
            created_by_id=like.created_by_id,
            created_at=clock.now(),
            submitted_at=clock.now() - timedelta(minutes=number),
        )
        for number, body in enumerate(bodies)
    ]
    Application.objects.bulk_create(rows)
    ApplicationVersion.objects.bulk_create(
        ApplicationVersion(
            application=row,
            number=1,
            content=content,
            sha256=hashlib.sha256(canonical(content)).hexdigest(),
            receipt_number=f"SB-{row.pk}"[:40],
            submitted_by_id=like.created_by_id,
            received_at=clock.now(),
        )
        for row in rows
    )


def asked(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200
    return len(queries)


def test_the_list_and_its_file(market_clock):
    application = submitted_application()
    call = closed_call(application.call)
    client = client_for(call.people.officer)
    urls = [reverse(f"ventures:{name}", args=[call.pk]) for name in ("call-applications", "call-applications-csv")]
    many(application, 9)
    for url in urls:
        client.get(url)
    few = [asked(client, url) for url in urls]
    many(application, 190)
    assert [asked(client, url) for url in urls] == few and max(few) <= MOST, few


def test_the_officers_page_and_the_applicants(market_clock):
    application = submitted_application()
    writing = client_for(application.actor)
    for name, args in (("application-edit", [application.pk, "b8"]), ("application-detail", [application.pk])):
        url = reverse(f"ventures:{name}", args=args)
        writing.get(url)
        assert asked(writing, url) <= 40
    closed_call(application.call)
    officer = client_for(again(application).call.lead and application.call.people.officer)
    url = reverse("ventures:application-review", args=[application.pk])
    officer.get(url)
    assert asked(officer, url) <= 40
