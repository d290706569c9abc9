"""What the room subscribes to and registers, one file per noun; called once from the AppConfig."""

from . import bids, review, tender


def connect() -> None:
    tender.connect()
    bids.connect()
    review.connect()
