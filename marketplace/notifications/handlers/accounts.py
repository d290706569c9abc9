"""Findings of auditors."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts import events
from marketplace.accounts.models import Finding
from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe

from ..services import notify, people_of


def finding_recorded(event: events.FindingRecorded) -> None:
    finding = Finding.objects.get(pk=event.finding_id)
    people = people_of([finding.body_id], Role.OFFICER, Role.APPROVER, Role.ORG_ADMIN)
    notify("finding-recorded", str(finding.pk), people, url=url_of(finding), text=finding.text[:300])


def finding_answered(event: events.FindingAnswered) -> None:
    finding = Finding.objects.select_related("made_by").get(pk=event.finding_id)
    people = [(finding.made_by, finding.auditor_id)]
    notify("finding-answered", str(finding.pk), people, url=url_of(finding), text=finding.answer[:300])


def url_of(finding: Finding) -> str:
    return reverse("people:finding", args=[finding.pk])


def subscribe_all() -> None:
    subscribe(events.FindingRecorded, finding_recorded)
    subscribe(events.FindingAnswered, finding_answered)
