"""Signed heads of the log: fixed hourly and at each closing of a lot, printed on every receipt as a witness."""

from __future__ import annotations

from contextlib import nullcontext

from django.db import transaction as db_transaction

from marketplace.core import clock

from . import keys, tree
from .log import lock, open_log, write
from .models import Head
from .witness import Witness, signed_bytes

__all__ = ["Witness", "first_after", "fix_head", "newest"]


def fix_head() -> Head:
    """Sign size and root of the log as it stands, unless the newest head says it already.

    Inside an `audit.transaction()` call it last: what was recorded so far is written first, and the head covers it.
    """
    log = open_log()
    with nullcontext() if log is not None else db_transaction.atomic(durable=True):
        if log is not None:
            write(log)
        else:
            lock()
        size = tree.current_size()
        newest_head = Head.objects.last()
        if newest_head is not None and newest_head.size == size:
            return newest_head
        return _sign(size, newest_head)


def _sign(size: int, earlier: Head | None) -> Head:
    market = clock.now().replace(microsecond=0)
    if earlier is not None:
        market = max(market, earlier.market_time)
    root = tree.root(size)
    return Head.objects.create(
        size=size,
        root=root,
        market_time=market,
        machine_time=clock.machine_now(),
        signature=keys.signing_key().sign(signed_bytes(size, root.hex(), market)),
        public_key=keys.public_key(),
    )


def newest() -> Witness | None:
    """The newest signed head as a witness, for receipts, letters, mails and notices. None while the log is empty."""
    head = Head.objects.last()
    return head.witness if head else None


def first_after(number: int) -> Head | None:
    """The first head that covers entry `number`: the seed of a draw that nobody could foresee."""
    return Head.objects.filter(size__gte=number).first()
