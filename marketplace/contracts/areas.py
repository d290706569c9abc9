"""Where the workspace leads to in this room."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.web.navigation import Area

READERS = (Role.SUPERVISOR, Role.AUDITOR)
BUYING = (Role.OFFICER, Role.APPROVER, Role.FINANCE)
DELIVERING = (Role.ORG_ADMIN, Role.REPORTER)


def areas(actor: Actor) -> Iterable[Area]:
    is_party = actor.body_kind in (BodyKind.GOVERNMENT, BodyKind.ORGANIZATION) and actor.has(*BUYING, *DELIVERING)
    is_agent = actor.body_kind == BodyKind.AGENCY and actor.has(Role.OFFICER)
    if is_party or is_agent or actor.has(*READERS):
        yield Area(
            "contracts", _("Contracts"), reverse("contracts:contract-list"), _("Text, signing, milestones, reports"), 60
        )
    if is_party or actor.has(*READERS):
        yield Area(
            "disbursements",
            _("Payments"),
            reverse("contracts:disbursement-list"),
            _("Comparison, two approvals, record"),
            65,
        )
    if is_party or actor.has(Role.EVALUATOR, *READERS):
        yield Area(
            "evaluations",
            _("Evaluations"),
            reverse("contracts:evaluation-list"),
            _("Indicators, draft, answer, grade"),
            70,
        )
