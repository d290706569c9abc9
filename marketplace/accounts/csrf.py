"""A form whose security token is no longer valid: the person signed in again meanwhile, in another tab perhaps.

What was typed is kept as after an expired session and comes back filled. Only a form of our own pages is kept: a
stranger's page could fill in nothing here, not even for somebody to look at.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.csrf import csrf_failure as refuse

from . import kept_forms


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`."""
    signed_in = request.user.is_authenticated
    if not signed_in or request.htmx or not is_own_page(request):  # type: ignore[attr-defined]
        return refuse(request, reason=reason)
    response = kept_forms.keep(request)
    if response is None:
        return refuse(request, reason=reason)
    back = HttpResponseRedirect(kept_forms.entries_of(request).page)
    back.cookies = response.cookies
    return back


def is_own_page(request: HttpRequest) -> bool:
    """Browsers name the page's origin with every POST; without it nothing is believed."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
