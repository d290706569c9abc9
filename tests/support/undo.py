"""Whatever happens in the block is undone at its end; services may open their durable transactions in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django marks the blocks of its own test cases
    with block:
        yield
        transaction.set_rollback(True)
