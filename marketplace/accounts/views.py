"""The one view of this room itself: choosing for which body one acts. The pages about people are in `people`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .middleware import SESSION_KEY


@require_POST
@login_required
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for another of one's bodies from now on; another's membership is «not found», none: choose."""
    chosen = request.POST.get("membership", "")
    if not chosen:
        return HttpResponseRedirect(reverse("people:memberships"))
    membership = next((m for m in request.memberships if str(m.pk) == chosen), None)  # type: ignore[attr-defined]
    if membership is None:
        raise Http404
    request.session[SESSION_KEY] = membership.pk
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if is_ours else resolve_url("/workspace/"))
