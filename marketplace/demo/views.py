"""Moving the demo's clock. Outside demo mode these addresses do not exist."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.schedule import run_due
from marketplace.web.templatetags.web import moment

from .forms import MoveClockForm


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move forward, do what has become due, and go back to the page."""
    if not settings.MARKETPLACE_DEMO:
        raise Http404
    form = MoveClockForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        clock.move_to(form.target())
        run_due(clock.now(), wait=10)
        messages.success(request, _("It is now %(moment)s.") % {"moment": moment(clock.now())})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except MarketplaceError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(back_to(request, request.POST.get("next", "")))


def back_to(request: HttpRequest, path: str) -> str:
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()})
    return path if safe else "/"
