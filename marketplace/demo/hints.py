"""What the demo world writes into the pages' slots. `register_all` is called in demo mode only."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import url_str_to_user_pk
from django.template.loader import render_to_string

from marketplace.accounts.models import Membership, User
from marketplace.core import clock
from marketplace.web import hints

from .codes import usable_code
from .people import CUSTODIAN_PASSPHRASES, PASSWORD, PEOPLE, needs_code


def logins(request: Any, subject: Any) -> str:
    """The demo logins with role and what to try, and the code where the role needs one."""
    users = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    rows = [
        {"person": person, "code": usable_code(users[person.email]) if needs_code(person) else ""}
        for person in PEOPLE
        if person.email in users and person.what_to_try
    ]
    return render_to_string("demo/logins.html", {"rows": rows, "password": PASSWORD}, request)


def code(request: Any, subject: Any) -> str:
    """A usable code beside every field that asks for one."""
    user = login_user(request) or (request.user if request.user.is_authenticated else None)
    value = usable_code(user) if user else ""
    return render_to_string("demo/code.html", {"code": value}, request) if value else ""


def login_user(request: Any) -> User | None:
    """The person between password and code: allauth keeps the pending sign-in in the session, its key in base 36."""
    key = (request.session.get("account_login") or {}).get("user_pk")
    return User.objects.filter(pk=url_str_to_user_pk(key)).first() if key else None


def passphrase(request: Any, subject: Any) -> str:
    """The custodians' passphrases on the opening page."""
    emails = list(CUSTODIAN_PASSPHRASES)
    people = Membership.objects.filter(user__email__in=emails, ended_at=None).select_related("user", "body")
    rows = [
        {"name": member.user.name, "body": member.body.name, "passphrase": CUSTODIAN_PASSPHRASES[member.user.email]}
        for member in people
    ]
    return render_to_string("demo/passphrases.html", {"rows": rows}, request)


def clock_bar(request: Any, subject: Any) -> str:
    """The bar at the top of every page: what time it is here, and the control that moves it."""
    return render_to_string("demo/clock_bar.html", {"now": clock.now(), "path": request.get_full_path()}, request)


def register_all() -> None:
    hints.register("login", logins)
    hints.register("second_factor", code)
    hints.register("custodian", passphrase)
    hints.register("top", clock_bar)
