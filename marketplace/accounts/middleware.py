"""What stands around every request: who acts (`request.actor`), the second factor where a role needs it, kept forms."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from .actors import ANONYMOUS, actor_for
from .models import Membership
from .roles import SECOND_FACTOR_ROLES, Role

SESSION_KEY = "acting_membership"
GetResponse = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Puts `request.actor` and `request.memberships` (the bodies to choose from) on every request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships, request.actor = [], ANONYMOUS  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            memberships = list(
                Membership.objects.current().filter(user=request.user).select_related("body").order_by("pk")
            )
            chosen = request.session.get(SESSION_KEY)
            membership = next((m for m in memberships if m.pk == chosen), memberships[0] if memberships else None)
            request.memberships = memberships  # type: ignore[attr-defined]
            request.actor = actor_for(  # type: ignore[attr-defined]
                request.user, membership, has_second_factor=is_mfa_enabled(request.user)
            )
        return self.get_response(request)


class SecondFactorMiddleware:
    """Roles that decide or pay, and everybody in the admin, work with a second factor; setting it up comes first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.roles_that_need_factor = self.roles_of(request)  # type: ignore[attr-defined]
        actor = request.actor  # type: ignore[attr-defined]
        if actor.is_signed_in and not actor.has_second_factor and self.is_guarded(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    def roles_of(self, request: HttpRequest) -> list[str]:
        """Labels of the person's roles, in any body, that need the factor."""
        held = {role for membership in request.memberships for role in membership.roles}  # type: ignore[attr-defined]
        return [str(Role(role).label) for role in Role.values if role in held & SECOND_FACTOR_ROLES]

    def is_guarded(self, request: HttpRequest) -> bool:
        if is_admin(request.path):
            return True
        needs = bool(request.roles_that_need_factor)  # type: ignore[attr-defined]
        return needs and not request.path.startswith(open_prefixes())


def is_admin(path: str) -> bool:
    return path.startswith(reverse("wagtailadmin_home"))


def open_prefixes() -> tuple[str, ...]:
    """Where a person without the factor may still go: the account pages and the language switch, static files."""
    accounts = reverse("account_login").removesuffix("login/")
    return (accounts, settings.STATIC_URL, "/healthz", "/readyz")


class KeptFormMiddleware:
    """A form posted after the session expired comes back filled after signing in (see `kept_forms`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from . import kept_forms

        if kept_forms.COOKIE in request.COOKIES and request.method == "GET" and request.user.is_authenticated:
            return self.give_back(request)
        response = self.get_response(request)
        if request.method == "POST" and not request.user.is_authenticated and self.asks_to_sign_in(response):
            return kept_forms.keep(request) or response
        return response

    def asks_to_sign_in(self, response: HttpResponse) -> bool:
        target = urlsplit(response.headers.get("Location", ""))
        return response.status_code == 302 and target.path == resolve_url(settings.LOGIN_URL)

    def give_back(self, request: HttpRequest) -> HttpResponse:
        from . import kept_forms
        from .refill import refill

        entries = kept_forms.recall(request)
        if entries is None or not self.is_theirs(request, entries):
            response = self.get_response(request)
            kept_forms.forget(request, response)
            return response
        if request.path != urlsplit(entries.page).path:
            return self.get_response(request)
        self.restore_body(request, entries)
        messages.info(request, self.notice(entries))
        response = self.get_response(request)
        if response.status_code == 200 and not response.streaming and "html" in response.headers["Content-Type"]:
            filled = refill(response.content.decode(response.charset), entries)
            response.content = _with_left_over(request, filled.html, filled.left_over)
            kept_forms.forget(request, response)
        elif response.status_code in (403, 404, 405):
            response = render(request, "accounts/kept_form.html", {"left_over": entries.data})
            kept_forms.forget(request, response)
        return response

    def is_theirs(self, request: HttpRequest, entries: object) -> bool:
        """Whose it was is known while the expired session's row is there; another person gets nothing."""
        owner = getattr(entries, "user_id", "")
        return not owner or owner == str(request.user.pk)

    def restore_body(self, request: HttpRequest, entries: object) -> None:
        """Act for the same body as before, if the person still may."""
        chosen = getattr(entries, "membership_id", None)
        membership = next((m for m in request.memberships if m.pk == chosen), None)  # type: ignore[attr-defined]
        if membership is not None:
            request.session[SESSION_KEY] = membership.pk
            factor = request.actor.has_second_factor  # type: ignore[attr-defined]
            request.actor = actor_for(request.user, membership, has_second_factor=factor)  # type: ignore

    def notice(self, entries: object) -> str:
        text = _("You were signed out while you were writing. Your entries are back: look at them and send again.")
        if getattr(entries, "had_files", False):
            text += " " + _("Files could not be kept; choose them again.")
        return text


def _with_left_over(request: HttpRequest, html: str, left_over: dict[str, list[str]]) -> str:
    """Entries whose field is not on the page any more are shown as text, so that nothing typed is lost."""
    if not left_over:
        return html
    from django.template.loader import render_to_string

    note = render_to_string("accounts/kept_left_over.html", {"left_over": left_over}, request)
    return html.replace("</main>", note + "</main>", 1)
