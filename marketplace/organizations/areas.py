"""Where the organization's pages stand in the workspace, and what is due there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.web import navigation, tasks

from .models import AccountChange, Evidence

SOON = timedelta(days=30)


def areas(actor: Actor) -> Iterator[navigation.Area]:
    if actor.body_kind == BodyKind.ORGANIZATION and actor.roles:
        yield navigation.Area(
            "organization",
            _("Our organization"),
            reverse("organizations:own"),
            _("Facts, account, evidence file, persons and holders."),
            70,
        )
    if actor.has(Role.OPERATOR, Role.SUPERVISOR):
        yield navigation.Area(
            "verification",
            _("Registrar's mark"),
            reverse("organizations:verification-list"),
            _("Compare organizations with the registrar's record."),
            75,
        )


def due(actor: Actor) -> Iterator[tasks.Task]:
    """A new account to confirm, documents that run out within a month."""
    if actor.body_kind != BodyKind.ORGANIZATION or not actor.has(Role.ORG_ADMIN, Role.BIDDER):
        return
    url, today = reverse("organizations:own"), clock.today()
    waiting = AccountChange.objects.filter(
        organization__body_id=actor.body_id, confirmed_at=None, rejected_at=None
    ).exclude(proposed_by_id=actor.user_id)
    if waiting.exists():
        yield tasks.Task(_("Confirm the new bank account"), _("A colleague has entered it."), url=url, urgency="now")
    running_out = Evidence.objects.filter(
        organization__body_id=actor.body_id, withdrawn_at=None, valid_until__range=(today, today + SOON)
    )
    for item in running_out[:10]:
        yield tasks.Task(_("Renew a document of the evidence file"), item.title, item.valid_until, "R-ELIG-02", url)


def register_all() -> None:
    navigation.register(areas)
    tasks.register(due)
