"""A test client that is signed in as an actor, acting for the actor's body."""

from __future__ import annotations

import time

from django.test import Client

from marketplace.accounts.actors import Actor
from marketplace.accounts.middleware import SESSION_KEY
from marketplace.accounts.models import Membership, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_for(actor: Actor, *, second_factor: bool | None = None, language: str = "zh-hans") -> Client:
    """Signed in by password, and by a one-time code as well where `second_factor` says so (default: as the actor)."""
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    if actor.user_id is None:
        return client
    client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
    session = client.session
    methods = [{"method": "password", "at": time.time(), "email": "test"}]
    if actor.has_second_factor if second_factor is None else second_factor:
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session["account_authentication_methods"] = methods
    membership = Membership.objects.filter(user_id=actor.user_id, body_id=actor.body_id, ended_at=None).first()
    if membership is not None:
        session[SESSION_KEY] = membership.pk
    session.save()
    return client


def superuser_client() -> Client:
    """Signed in as the most powerful person there can be, with a second factor."""
    from tests.factories.accounts import make_person

    actor = make_person(None, second_factor=True)
    User.objects.filter(pk=actor.user_id).update(is_staff=True, is_superuser=True)
    return client_for(actor)
