"""A form posted after the session had expired is not lost: kept encrypted, given back filled after signing in.

The middleware sees a POST that the sign-in page answers. It encrypts what was typed under a fresh key, stores the
ciphertext, and puts the key into an HttpOnly cookie for half an hour. When the same person opens the page again,
the entries are put back into its form, for them to look at and send; nothing is sent by itself. Files are not kept.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from marketplace.core import clock

from .middleware import SESSION_KEY as ACTING_KEY
from .models import KeptForm

COOKIE = "kept_form"
LIFE = timedelta(minutes=30)
MOST_BYTES = 512 * 1024
MOST_PER_ADDRESS = 20
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "code", "passphrase"})


@dataclass
class Entries:
    """What was typed, where, and by whom as far as the expired session still tells."""

    path: str
    page: str
    data: dict[str, list[str]] = field(default_factory=dict)
    had_files: bool = False
    user_id: str = ""
    membership_id: int | None = None


def entries_of(request: HttpRequest) -> Entries:
    session = _expired_session(request)
    return Entries(
        path=request.path,
        page=_page_of(request),
        data={name: values for name, values in request.POST.lists() if name not in NEVER_KEPT},
        had_files=bool(request.FILES),
        user_id=str(session.get(USER_KEY, "")),
        membership_id=session.get(ACTING_KEY),
    )


def keep(request: HttpRequest) -> HttpResponse | None:
    """Store the entries and answer the redirect to the sign-in page; None if there is nothing to keep."""
    entries = entries_of(request)
    plain = json.dumps(asdict(entries)).encode()
    if not entries.data or len(plain) > MOST_BYTES or not _within_limit(request):
        return None
    forget_old()
    key = Fernet.generate_key()
    row = KeptForm.objects.create(ciphertext=Fernet(key).encrypt(plain), created_at=clock.machine_now())
    response = HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': entries.page, 'kept': 1})}")
    response.set_cookie(
        COOKIE,
        f"{row.pk}.{key.decode()}",
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def recall(request: HttpRequest) -> Entries | None:
    """The entries that this browser's cookie opens, while they live."""
    row_id, _dot, key = request.COOKIES.get(COOKIE, "").partition(".")
    try:
        row = KeptForm.objects.filter(pk=row_id, created_at__gte=clock.machine_now() - LIFE).first()
        plain = Fernet(key.encode()).decrypt(bytes(row.ciphertext)) if row else b""
    except (ValidationError, ValueError, InvalidToken):
        return None
    return Entries(**json.loads(plain)) if plain else None


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Delete the row and the cookie with its key."""
    row_id = request.COOKIES.get(COOKIE, "").partition(".")[0]
    with suppress(ValidationError, ValueError):  # a cookie that somebody made up names no row
        KeptForm.objects.filter(pk=row_id).delete()
    response.delete_cookie(COOKIE, samesite="Lax")


def forget_old() -> int:
    """Delete what nobody came back for; called at each keeping and by `run_due`."""
    return KeptForm.objects.filter(created_at__lt=clock.machine_now() - LIFE).delete()[0]


def _page_of(request: HttpRequest) -> str:
    """The page the form stood on: the referer on this host, else the posted address itself."""
    referer = urlsplit(request.headers.get("referer", ""))
    if referer.netloc == request.get_host() and referer.path:
        return referer.path + (f"?{referer.query}" if referer.query else "")
    return request.get_full_path()


def _expired_session(request: HttpRequest) -> dict:
    """What the expired session held, if its row is still there: whose it was, and which body was acted for."""
    row = Session.objects.filter(pk=request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).first()
    return row.get_decoded() if row else {}


def _within_limit(request: HttpRequest) -> bool:
    key = f"kept-forms-{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, int(LIFE.total_seconds())):
        return True
    return cache.incr(key) <= MOST_PER_ADDRESS
