"""The log that nobody can rewrite unseen. `from marketplace import audit; with audit.transaction() as log: …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .log import transaction

__all__ = ["transaction"]


def __getattr__(name: str) -> Any:
    # Models load late: the package is imported before Django's registry is ready.
    if name == "transaction":
        from .log import transaction

        return transaction
    raise AttributeError(name)
