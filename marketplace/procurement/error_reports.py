"""Error reports never carry what a bidder or a custodian typed: no post, no local variable, no exception's own words.

The words matter because they go further than reports: into the log file, and into the row of a failed task.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

from marketplace.core.exceptions import MarketplaceError

CLOSED_PATHS = ("/workspace/bids/", "/workspace/openings/", "/workspace/custodian/")
CLOSED_CODE = (
    "/procurement/services/",
    "/procurement/crypto",
    "/procurement/sealkey",
    "/procurement/views/bid",
    "/documents/",
)


class SealedReporterFilter(SafeExceptionReporterFilter):
    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        if request is not None and is_closed(request):
            return dict.fromkeys(request.POST, self.cleansed_substitute)
        return super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        if (request is not None and is_closed(request)) or any(
            part in tb_frame.f_code.co_filename for part in CLOSED_CODE
        ):
            return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
        return super().get_traceback_frame_variables(request, tb_frame)


class HiddenError(Exception):
    """Stands for an error where bids are handled: its kind and its place in the code, nothing of what it said."""


def is_closed(request: HttpRequest) -> bool:
    return any(part in request.path for part in CLOSED_PATHS)


def hide(error: BaseException) -> NoReturn:
    """Raise in place of an unforeseen error: «invalid literal for int(): '1234567'» would tell a price."""
    raise HiddenError(type(error).__name__).with_traceback(error.__traceback__) from None


@contextmanager
def nothing_told() -> Iterator[None]:
    """For work that handles bids in clear: of a failed task the database keeps the traceback, with what the error said.

    Refusals pass: their sentences are ours.
    """
    try:
        yield
    except MarketplaceError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again, without its words
        hide(error)
