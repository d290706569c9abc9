"""Intention notices (R-PLAN-03, R-NOTICE-01): an officer proposes, a second person publishes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import DecisionWanted, IntentionPublished
from ..lifecycle import INTENTION
from ..models import Intention, ListedItem
from ..permissions import can_decide_intention, can_edit_list
from .lists import require_text

DISCLAIMER = "本次公开的采购意向是本单位政府采购工作的初步安排，具体采购项目情况以相关采购公告和采购文件为准。"


def propose_intention(*, actor: Actor, item_id: int) -> Intention:
    """Hands the intention of a published item to the second officer; again after it was returned."""
    with transaction() as log:
        item = locked(ListedItem, item_id, "purchase_list")
        require_permission(can_edit_list(actor, item.purchase_list))
        if item.published_at is None:
            raise MarketplaceError(_("The item has to be published on the year's list first."), rule_id="R-PLAN-02")
        intention, _is_new = Intention.objects.get_or_create(item=item)
        INTENTION.apply(intention, "submit")
        intention.submitted_by_id, intention.return_reason = actor.user_id, ""
        intention.save(update_fields=["submitted_by", "return_reason"])
        log.record("intention.submitted", intention, actor, item=item.number)
        announce(DecisionWanted("intention", intention.pk))
    return intention


def return_intention(*, actor: Actor, intention_id: int, reason: str) -> Intention:
    with transaction() as log:
        intention = locked(Intention, intention_id, "item__purchase_list")
        require_permission(can_decide_intention(actor, intention))
        INTENTION.apply(intention, "return")
        intention.return_reason = require_text(reason)
        intention.save(update_fields=["return_reason"])
        log.record("intention.returned", intention, actor, reason=intention.return_reason)
    return intention


def publish_intention(*, actor: Actor, intention_id: int) -> Intention:
    """Freezes the notice with the fields of R-NOTICE-01 and announces it."""
    with transaction() as log:
        intention = locked(Intention, intention_id, "item__purchase_list__body", "item__budget_line__fund")
        require_permission(can_decide_intention(actor, intention))
        INTENTION.apply(intention, "publish")
        body = intention.item.purchase_list.body
        intention.snapshot = publish_notice(
            log=log,
            actor=actor,
            kind=NoticeKind.INTENTION,
            title=f"{body.name}{intention.item.name}采购意向公告",
            subject=intention,
            project_number="",
            body=body,
            region=body.region,
            data=intention_data(intention),
        )
        intention.published_by_id, intention.published_at = actor.user_id, clock.now()
        intention.save(update_fields=["snapshot", "published_by", "published_at"])
        log.record(
            "intention.published", intention, actor, item=intention.item.number, notice=intention.snapshot.number
        )
        announce(IntentionPublished(intention.pk))
    return intention


def intention_data(intention: Intention) -> dict[str, Any]:
    """The fields of the notice (R-NOTICE-01), as they are shown and frozen."""
    item = intention.item
    return {
        "unit": item.purchase_list.body.name,
        "items": [
            {
                "name": item.name,
                "outline": item.outline,
                "budget_wan": f"{item.amount / 10000:,.2f}",
                "planned_month": f"{item.planned_month:%Y-%m}",
                "note": item.note,
            }
        ],
        "disclaimer": DISCLAIMER,
    }
