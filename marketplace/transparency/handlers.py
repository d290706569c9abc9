"""The log opens with the procedure: bids with their lot's opening, the review with its published result."""

from __future__ import annotations

from marketplace import audit
from marketplace.audit.disclosure import Stage
from marketplace.core.events import subscribe
from marketplace.procurement.events import LotAwarded, LotOpened
from marketplace.procurement.models import Award


def open_bids(event: LotOpened) -> None:
    with audit.transaction() as log:
        log.disclose(Stage.OPENING, event.lot_id)


def open_review(event: LotAwarded) -> None:
    with audit.transaction() as log:
        log.disclose(Stage.RESULT, Award.objects.values_list("lot_id", flat=True).get(pk=event.award_id))


def subscribe_all() -> None:
    subscribe(LotOpened, open_bids)
    subscribe(LotAwarded, open_review)
