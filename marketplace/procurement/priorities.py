"""Which work of this room goes before mails and papers in the queue (0): somebody waits in front of a page for it."""

from __future__ import annotations

AT_ONCE = 20
"""A bidder waits for the sealing before the deadline, a whole session for the opening."""

SOON = 10
"""The committee waits for the pages of opened bids; many at a time, so behind the above."""
