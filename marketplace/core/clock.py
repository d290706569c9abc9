"""The one clock of all rule time: Asia/Shanghai, from the server (R-TIME-07).

In production it is the machine's. A demo world and the tests keep an instant in the database (`ClockState`)
that runs on while the server runs and only moves forward.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from .exceptions import MarketplaceError

if TYPE_CHECKING:
    from .models import ClockState

ZONE = ZoneInfo("Asia/Shanghai")
_shift: ContextVar[timedelta | None] = ContextVar("clock_shift", default=None)
_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)


def machine_now() -> datetime:
    """The machine's clock: for sessions, limits and log entries' second time; never for a rule."""
    return datetime.now(ZONE)


def now() -> datetime:
    """The marketplace's instant, aware, in Asia/Shanghai."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    shift = _shift.get()
    if shift is not None:
        return machine_now() + shift
    from .models import ClockState

    return ClockState.instant(machine_now())


def today() -> date:
    return now().date()


def remember() -> object:
    """Read the shift once for a request; `forget(token)` at its end. The clock still runs meanwhile."""
    from .models import ClockState

    state = ClockState.objects.first()
    if state is not None and not state.is_running:
        return ("frozen", _frozen.set(state.market.astimezone(ZONE)))
    return ("shift", _shift.set(state.shift if state else timedelta(0)))


def forget(token: object) -> None:
    kind, value = token  # type: ignore[misc]
    (_frozen if kind == "frozen" else _shift).reset(value)  # type: ignore[has-type]


def move_to(instant: datetime) -> None:
    """Move the marketplace's clock forward (demo and tests). Refuses to go back."""
    with transaction.atomic():
        state = _locked_state()
        if state is None:
            raise MarketplaceError(
                _("The marketplace follows the real time; its clock cannot be moved."), field="instant"
            )
        if instant < now():
            raise MarketplaceError(_("The marketplace's clock only moves forward."), field="instant")
        _anchor(state, instant)
    if _frozen.get() is not None:
        _frozen.set(instant.astimezone(ZONE))
    if _shift.get() is not None:
        _shift.set(state.shift)


def keep() -> None:
    """Note how far a running demo clock has come (the worker's heartbeat), so that it can go on from there."""
    with transaction.atomic():
        state = _locked_state()
        if state is not None and state.is_running:
            _anchor(state, state.at(machine_now()))


def resume(*, not_before: datetime | None, still_running: timedelta) -> None:
    """Go on from the kept instant after a stop; nothing happens if it was kept less than `still_running` ago."""
    with transaction.atomic():
        state = _locked_state()
        if state is None or not state.is_running:
            return
        if timedelta(0) <= machine_now() - state.machine < still_running:
            return
        _anchor(state, max(state.market, not_before or state.market))


def _locked_state() -> ClockState | None:
    from .models import ClockState

    return ClockState.objects.select_for_update().first()


def _anchor(state: ClockState, market: datetime) -> None:
    state.market, state.machine = market, machine_now()
    state.save(update_fields=["market", "machine"])
