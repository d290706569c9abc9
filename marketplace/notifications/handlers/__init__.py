"""Who is told of what: each room's events, and the people they concern."""

from . import (
    accounts,
    agreements,
    assessment,
    contracts,
    delivery,
    planning,
    procurement,
    review,
    sponsorship,
    ventures,
)

ROOMS = (
    accounts,
    planning,
    procurement,
    review,
    ventures,
    assessment,
    sponsorship,
    contracts,
    agreements,
    delivery,
)


def subscribe_all() -> None:
    for room in ROOMS:
        room.subscribe_all()
