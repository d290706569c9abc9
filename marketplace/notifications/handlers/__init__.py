"""Who is told of what: each room's events, and the people they concern."""

from . import accounts, agreements, contracts, delivery, planning, procurement, review, ventures


def subscribe_all() -> None:
    for room in (accounts, planning, procurement, review, ventures, contracts, agreements, delivery):
        room.subscribe_all()
