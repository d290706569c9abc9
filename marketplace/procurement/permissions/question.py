"""Who takes documents, asks and answers; and who may know about it (R-TENDER-14)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import Question, Tender
from .tender import can_prepare_tender, is_procuring_party


def can_take_part(actor: Actor) -> Decision:
    """Take documents and ask: a bidder or the administrator of an organization. No mark of the registrar is needed."""
    if actor.body_kind == BodyKind.ORGANIZATION and actor.has(Role.BIDDER, Role.ORG_ADMIN):
        return ALLOWED
    return refuse(
        _(
            "Documents are taken for an organization, by its bidder or administrator. Choose that role under «acting as»."  # noqa: E501
        )
    )


def can_answer_question(actor: Actor, question: Question) -> Decision:
    return can_prepare_tender(actor, question.tender)


def can_see_takers(actor: Actor, tender: Tender, now: datetime) -> Decision:
    """R-TENDER-14: until the deadline nobody learns who or how many took the documents, the buyer neither."""
    if tender.deadline is None or now <= tender.deadline:
        return refuse(
            _("Who took the documents, and how many, is secret until the deadline. It is shown here afterwards."),
            "R-TENDER-14",
            due=tender.deadline,
        )
    if is_procuring_party(actor, tender) or actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return ALLOWED
    return refuse(_("The buyer, its agent and those who supervise them see who took the documents."), "R-TENDER-14")
