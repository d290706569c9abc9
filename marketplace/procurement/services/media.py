"""Noting where else a notice of a tender stands: the channel log of R-PUB-01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked
from marketplace.publication.media import standing
from marketplace.publication.models import MediumRecord

from ..models import Tender
from ..permissions.tender import can_record_medium
from ..rules.media import believable, designated
from ..selectors.media import notices_of


@dataclass(frozen=True)
class Appearance:
    """A notice on a medium: which, where, since when."""

    notice: str
    medium: str
    url: str
    published_at: datetime


def record_medium(*, actor: Actor, tender_id: int, appearance: Appearance) -> MediumRecord:
    """Adds a record; the same one again adds nothing. A later one for the same medium takes its place.

    Refuses media that are not designated, and moments that cannot be.
    """
    with transaction() as log:
        tender = locked(Tender, tender_id, "buyer")
        require_permission(can_record_medium(actor, tender))
        snapshot = notices_of(tender).filter(number=appearance.notice).first()
        if snapshot is None:
            raise NotFound("")
        require(
            designated(appearance.medium, settings.MARKETPLACE_MEDIA),
            believable(appearance.published_at, snapshot.published_at, clock.now()),
        )
        for record in standing(snapshot.medium_records.all()):
            if _facts(record) == (appearance.medium, appearance.url, appearance.published_at):
                return record
        record = MediumRecord.objects.create(
            snapshot=snapshot,
            medium=appearance.medium,
            url=appearance.url,
            published_at=appearance.published_at,
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        log.record(
            "notice.recorded",
            snapshot,
            actor,
            project=tender.number,
            medium=record.medium,
            url=record.url,
            published_at=record.published_at,
        )
    return record


def _facts(record: MediumRecord) -> tuple[str, str, datetime]:
    return record.medium, record.url, record.published_at
