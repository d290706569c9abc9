"""Seats at a briefing: how many are left, until when one signs up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, first_refusal, refuse

MOST_PEOPLE = 5


@dataclass(frozen=True)
class SeatFacts:
    starts_at: datetime
    is_cancelled: bool
    seats: int
    taken: int

    @property
    def left(self) -> int:
        return max(self.seats - self.taken, 0)


def can_be_taken(facts: SeatFacts, people: int, now: datetime) -> Decision:
    return first_refusal(_takes_place(facts), _ahead(facts, now), _few(people), _room(facts, people))


def _takes_place(facts: SeatFacts) -> Decision:
    return allow() if not facts.is_cancelled else refuse(_("This briefing was cancelled; choose another one."))


def _ahead(facts: SeatFacts, now: datetime) -> Decision:
    if now < facts.starts_at:
        return allow()
    return refuse(_("This briefing has begun; choose a later one."), "R-TIME-07", due=facts.starts_at)


def _few(people: int) -> Decision:
    if 1 <= people <= MOST_PEOPLE:
        return allow()
    return refuse(_("Sign up one to %(most)s people.") % {"most": MOST_PEOPLE}, field="people")


def _room(facts: SeatFacts, people: int) -> Decision:
    if people <= facts.left:
        return allow()
    if facts.left:
        return refuse(_("Only %(left)s seats are left; sign up fewer people.") % {"left": facts.left}, field="people")
    return refuse(_("All seats are taken. A seat that is released is free again at once; look again, or ask."))
