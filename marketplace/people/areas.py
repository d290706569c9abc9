"""Where the people's pages stand in the workspace, and what is due there."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Finding, FindingStatus, JoinRequest
from marketplace.accounts.permissions import administers_own_body
from marketplace.accounts.roles import Role
from marketplace.web import navigation, tasks

ANSWERING = (Role.APPROVER, Role.OFFICER, Role.ORG_ADMIN, Role.OPERATOR)
FINDINGS = (Role.AUDITOR, Role.SUPERVISOR, *ANSWERING)


def areas(actor: Actor) -> Iterator[navigation.Area]:
    if actor.has(Role.OPERATOR):
        yield navigation.Area(
            "operator", _("Operator's room"), reverse("people:operator"), _("Bodies, calendar, rule values, jobs."), 5
        )
    if administers_own_body(actor):
        yield navigation.Area(
            "people",
            _("People"),
            reverse("people:list"),
            _("Who acts for the body, with which roles; invitations."),
            80,
        )
    if actor.has(*FINDINGS):
        yield navigation.Area(
            "findings", _("Audit findings"), reverse("people:findings"), _("What auditors found, and the answers."), 85
        )


def due(actor: Actor) -> Iterator[tasks.Task]:
    """Findings to answer or to close, requests to decide on."""
    wanted = Q()
    if actor.has(*ANSWERING):
        wanted |= Q(body_id=actor.body_id, status=FindingStatus.OPEN)
    if actor.has(Role.AUDITOR):
        wanted |= Q(auditor_id=actor.body_id, status=FindingStatus.ANSWERED)
    if wanted:
        for finding in Finding.objects.filter(wanted)[:20]:
            is_open = finding.status == FindingStatus.OPEN
            yield tasks.Task(
                _("Answer a finding") if is_open else _("Close a finding or ask again"),
                finding.subject_title,
                url=reverse("people:finding", args=[finding.pk]),
            )
    if administers_own_body(actor):
        count = JoinRequest.objects.filter(body_id=actor.body_id, answered_at=None).count()
        if count:
            yield tasks.Task(
                _("Decide on requests to join"), _("%(count)d wait") % {"count": count}, url=reverse("people:list")
            )


def register_all() -> None:
    navigation.register(areas)
    tasks.register(due)
