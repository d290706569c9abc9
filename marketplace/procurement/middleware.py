"""Around the pages of bids: when a submit arrived, and that an unforeseen error tells nothing of a bid."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from marketplace.core import clock

from .error_reports import hide, is_closed

TIMED = re.compile(r"/workspace/bids/.+/(submit|withdraw)/$")


class ReceivedAtMiddleware:
    """Before session, permission or lock, as soon as the small body has been read whole.

    Sets `request.received_at` on the posts whose lateness is judged (R-BID-07, R-EDOC-04).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and TIMED.search(request.path_info):
            _whole = request.body
            request.received_at = clock.now()  # type: ignore[attr-defined]
        return self.get_response(request)


ANSWERED = (Http404, PermissionDenied, BadRequest, SuspiciousOperation, MultiPartParserError)
"""Errors that have a page of their own and no words of a bidder's."""


class HiddenErrorsMiddleware:
    """Where bids are written and opened, an unforeseen error goes on without its words (log file, mail to admins)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if is_closed(request) and not isinstance(error, ANSWERED):
            hide(error)
