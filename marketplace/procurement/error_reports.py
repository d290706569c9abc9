"""Error reports never carry what a bidder or a custodian typed: neither the post nor any local variable."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

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
        if request is not None and any(part in request.path for part in CLOSED_PATHS):
            return dict.fromkeys(request.POST, self.cleansed_substitute)
        return super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        is_closed = request is not None and any(part in request.path for part in CLOSED_PATHS)
        if is_closed or any(part in tb_frame.f_code.co_filename for part in CLOSED_CODE):
            return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
        return super().get_traceback_frame_variables(request, tb_frame)
