"""The nightly check: no line committed beyond its amount, no commitment drawn beyond itself (R-LOT-01)."""

from __future__ import annotations

from datetime import date

from marketplace import audit
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError

from ..models import LedgerCheck
from .ledger import faulty_lines


class LedgerFault(MarketplaceError):
    """Sums that must never happen. The message names the lines."""

    code = "ledger_fault"


def is_checked(day: date) -> bool:
    return LedgerCheck.objects.filter(day=day, faults="").exists()


def check_ledger(*, day: date) -> LedgerCheck:
    """Check all lines and keep the finding; raises `LedgerFault` when there is one."""
    faults = "; ".join(f"{name}: {fault}" for name, fault in faulty_lines())
    with audit.transaction():
        check, _created = LedgerCheck.objects.update_or_create(
            day=day, defaults={"checked_at": clock.now(), "faults": faults[:2000]}
        )
    if faults:
        raise LedgerFault(faults, rule_id="R-LOT-01")
    return check


def latest_check() -> LedgerCheck | None:
    return LedgerCheck.objects.first()
