"""One reading of the clock's shift and of the working calendar for each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import clock, workcalendar


class ClockMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clock_token, calendar_token = clock.remember(), workcalendar.remember()
        try:
            return self.get_response(request)
        finally:
            workcalendar.forget(calendar_token)
            clock.forget(clock_token)
