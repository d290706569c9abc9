"""Outages: when a silence was one, which deadlines it touches, how far a deadline may move. Our decision, no law."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

SILENCE = timedelta(minutes=2)
CONCERNS = timedelta(hours=24)
HOLDS = timedelta(hours=2)
DECISION_TIME = timedelta(hours=4)
RULE = "R-TIME-07"


def is_outage(last_pulse: datetime, now: datetime) -> bool:
    """The worker gives a sign every few seconds; two minutes of silence by the machine's clock are an outage."""
    return now - last_pulse >= SILENCE


def concerns(started_at: datetime, ended_at: datetime, deadline: datetime) -> bool:
    """Whether a part of it lies in the last 24 hours before the deadline."""
    return started_at <= deadline and ended_at >= deadline - CONCERNS


def holds_closing(started_at: datetime, ended_at: datetime, deadline: datetime, now: datetime) -> bool:
    """In the last two hours before the deadline it holds the closing, for four hours after its end at most.

    Example: down from 09:10 to 09:50, deadline 09:30: nothing is counted before 13:50 unless it is decided earlier.
    """
    return started_at <= deadline and ended_at >= deadline - HOLDS and now < ended_at + DECISION_TIME


def extension_long_enough(old: datetime, new: datetime, length: timedelta, now: datetime) -> Decision:
    """The new deadline gives back at least what was lost, counted from now if the old one has passed."""
    earliest = max(old, now) + length
    if new >= earliest:
        return allow(RULE)
    return refuse(
        _("Give back at least the time that was lost: the new deadline may lie on %(earliest)s at the earliest.")
        % {"earliest": f"{earliest:%Y-%m-%d %H:%M}"},
        RULE,
        due=earliest,
        field="new_deadline",
    )
