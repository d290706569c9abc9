"""The key of a lot: made at publication, unwrapped at the opening and never before (docs/sealing.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marketplace.accounts.actors import SYSTEM
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require
from marketplace.core.exceptions import MarketplaceError
from marketplace.documents.encryption import encrypt

from .. import crypto, sealkey
from ..models import CustodianKey, CustodianShare, Lot, LotKey, LotStatus, Tender
from ..rules.custodians import threshold_for
from ..selectors.custodians import named_keys
from .custodians import custodians_ready


@sensitive_variables()
def make_lot_key(
    log: Log, lot: Lot, custodian_keys: Sequence[CustodianKey] | None = None, threshold: int | None = None
) -> LotKey:
    """Make the lot's key pair inside the publication's transaction; the tender's custodians unless others are given.

    The private half exists afterwards only wrapped twice; each share only encrypted to its custodian.
    """
    if custodian_keys is None:
        require(custodians_ready(lot.tender))
        custodian_keys = named_keys(lot.tender)
    threshold = threshold or threshold_for(len(custodian_keys))
    made = crypto.make_sealed_key(
        lot.number,
        threshold=threshold,
        count=len(custodian_keys),
        seal_recipient=sealkey.seal_recipient(),
        not_before=lot.tender.deadline.isoformat(),  # type: ignore[union-attr]
    )
    key = LotKey.objects.create(
        lot=lot,
        public_key=made.public_key,
        wrapped_identity=made.wrapped_identity,
        threshold=threshold,
        created_at=clock.now(),
    )
    CustodianShare.objects.bulk_create(
        CustodianShare(
            lot_key=key,
            custodian=custodian,
            index=share.index,
            encrypted_share=encrypt(share.text.encode(), custodian.public_key, armored=True),
            sha256=share.sha256,
        )
        for custodian, share in zip(custodian_keys, made.shares, strict=True)
    )
    log.record(
        "lot.key_made",
        lot,
        SYSTEM,
        project=lot.tender.number or "",
        lot=lot,
        public_key=made.public_key,
        threshold=threshold,
        shares=[share.sha256 for share in made.shares],
        custodians=[custodian.public_key for custodian in custodian_keys],
    )
    return key


@sensitive_variables()
def move_opening(tender: Tender) -> None:
    """After a correction moved the deadline: the outer wrapping carries the new moment; the inner stays closed.

    The moment only moves later: an earlier deadline, however it came into the database, is not believed.
    """
    for key in LotKey.objects.filter(lot__tender=tender, lot__status=LotStatus.OPEN):
        inner, text = crypto.unwrap_outer(bytes(key.wrapped_identity), sealkey.seal_identity())
        earlier = datetime.fromisoformat(text)
        moment = max(earlier, tender.deadline or earlier)
        key.wrapped_identity = crypto.wrap_outer(inner, moment.isoformat(), sealkey.seal_recipient())
        key.save(update_fields=["wrapped_identity"])


def may_unwrap(lot: Lot, not_before: datetime, now: datetime) -> Decision:
    """The seal key is used for a closed lot only, after its deadline by the clock, and once the head is fixed."""
    deadline = max(not_before, lot.tender.deadline or not_before)
    closing = getattr(lot, "closing", None)
    if now > deadline and lot.status == LotStatus.CLOSED and closing is not None and closing.head_size:
        return allow("R-BID-07")
    return refuse(
        _("This lot is not closed yet. Nobody opens bids before the deadline, and the system does not help anyone to."),
        "R-BID-07",
        due=deadline,
    )


@sensitive_variables()
def unwrap_lot_identity(lot: Lot, shares: list[crypto.Share]) -> str:
    """The lot's private key, for the opening service only. `CannotDecrypt` when the shares do not suffice."""
    inner, not_before = crypto.unwrap_outer(bytes(lot.key.wrapped_identity), sealkey.seal_identity())
    require(may_unwrap(lot, datetime.fromisoformat(not_before), clock.now()))
    return crypto.unwrap_inner(inner, shares)


@sensitive_variables()
def checked_share(share: CustodianShare, text: str) -> crypto.Share:
    """The share in clear, if its hash is the one that the log has held since the publication."""
    try:
        clear = crypto.read_share(text)
    except crypto.BadShare as error:
        raise MarketplaceError(
            _("This is not a share. A share starts with «yizhao-share-1:»; paste all of the decrypted text."),
            field="share_text",
        ) from error
    if hashlib.sha256(clear.text.encode()).hexdigest() != share.sha256:
        raise MarketplaceError(
            _(
                "This is not your share of this lot: its hash differs from the one in the log. Check which lot it "
                "belongs to."
            ),
            field="share_text",
        )
    return clear
