"""Who is told of what: each room's events, and the people they concern."""

from . import accounts, assessment, contracts, delivery, planning, procurement, review, sponsorship, ventures


def subscribe_all() -> None:
    for room in (accounts, planning, procurement, review, ventures, assessment, sponsorship, contracts, delivery):
        room.subscribe_all()
