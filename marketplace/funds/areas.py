"""Where the workspace leads to in this room."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.web.navigation import Area

from .permissions import can_keep_budget


def areas(actor: Actor) -> Iterable[Area]:
    if can_keep_budget(actor):
        yield Area("budget", _("Budget lines"), reverse("funds:budget"), _("Funds, approved lines, what is left"), 20)
