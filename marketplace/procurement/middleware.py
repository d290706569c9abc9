"""When a submit arrived: taken as soon as its small body has been read whole, before session, permission or lock."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from marketplace.core import clock

TIMED = re.compile(r"/workspace/bids/.+/(submit|withdraw)/$")


class ReceivedAtMiddleware:
    """Sets `request.received_at` on the posts whose lateness is judged (R-BID-07, R-EDOC-04)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and TIMED.search(request.path_info):
            _whole = request.body
            request.received_at = clock.now()  # type: ignore[attr-defined]
        return self.get_response(request)
