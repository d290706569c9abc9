"""Who is told of what: each room's events, and the people they concern."""

from . import accounts, contracts, delivery, planning, procurement, review, sponsorship, ventures


def subscribe_all() -> None:
    for room in (accounts, planning, procurement, review, ventures, sponsorship, contracts, delivery):
        room.subscribe_all()
