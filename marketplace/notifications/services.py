"""Telling people: one message for one person, kind and key, in the inbox at once and by e-mail from the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership, User
from marketplace.audit import heads
from marketplace.core import clock

from .catalogue import KINDS
from .models import Message

MAIL_TRIES = 5


def people_of(body_ids: Iterable[int], *roles: str) -> list[tuple[User, int]]:
    """Active people who hold one of the roles in one of the bodies, each with the body, once per person."""
    members = (
        Membership.objects.filter(body_id__in=list(body_ids), ended_at=None, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    chosen: dict[int, tuple[User, int]] = {}
    for member in members:
        if not roles or not set(roles).isdisjoint(member.roles):
            chosen.setdefault(member.user_id, (member.user, member.body_id))
    return list(chosen.values())


def notify(kind: str, key: str, recipients: Iterable[tuple[User, int | None]], *, url: str = "", **facts: Any) -> int:
    """Write a message to each recipient who has none of this kind and key; answers how many are new.

    `facts` fill the kind's title and text, rendered in each person's language. The same kind, key and person
    never get a second message, whatever is repeated.
    """
    kind_texts = KINDS[kind]
    new = 0
    for user, body_id in recipients:
        with translation.override(user.language):
            title, text = str(kind_texts.title) % facts, str(kind_texts.text) % facts
        message, created = Message.objects.get_or_create(
            user=user,
            kind=kind,
            key=key[:120],
            defaults={
                "body_id": body_id,
                "title": title[:200],
                "text": text,
                "url": url,
                "created_at": clock.now(),
            },
        )
        if created:
            new += 1
            send_mail_task.enqueue(message.pk)
    return new


@task()
def send_mail_task(message_id: int) -> None:
    """Send one message by e-mail, once; a failing mail server leaves the error on the message for `run_due`."""
    with transaction.atomic():
        message = Message.objects.select_for_update().select_related("user").get(pk=message_id)
        if message.mailed_at is not None or not message.user.email:
            return
        message.mail_tries += 1
        try:
            mail_of(message).send()
            message.mailed_at, message.mail_error = clock.now(), ""
        except OSError as error:
            # SMTP errors are OSErrors. The inbox has the message; the retry is due later.
            message.mail_error = str(error)[:300] or type(error).__name__
        message.save(update_fields=["mail_tries", "mailed_at", "mail_error"])


def mail_of(message: Message) -> EmailMultiAlternatives:
    """The e-mail in plain text and HTML, in the person's language, with the log's newest head as a witness."""
    with translation.override(message.user.language):
        context = {
            "message": message,
            "link": settings.MARKETPLACE_BASE_URL + message.url if message.url else "",
            "inbox": settings.MARKETPLACE_BASE_URL,
            "witness": heads.newest(),
            "language": message.user.language,
        }
        mail = EmailMultiAlternatives(
            subject=f"[益招] {message.title}",
            body=render_to_string("notifications/mail.txt", context),
            to=[message.user.email],
        )
        mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    return mail


def unsent() -> models.QuerySet[Message]:
    return Message.objects.filter(mailed_at=None, mail_tries__gt=0, mail_tries__lt=MAIL_TRIES)


def retry_mails() -> int:
    """Queue mails again that failed (called by `run_due`); answers how many."""
    failed = list(unsent().values_list("pk", flat=True))
    for message_id in failed:
        send_mail_task.enqueue(message_id)
    return len(failed)


def mark_read(*, actor: Actor, message_id: int) -> Message:
    """Mark the actor's own message as read; somebody else's raises `Message.DoesNotExist`."""
    message = Message.objects.get(pk=message_id, user_id=actor.user_id)
    if message.read_at is None:
        message.read_at = clock.now()
        message.save(update_fields=["read_at"])
    return message


def mark_all_read(*, actor: Actor) -> int:
    return Message.objects.filter(user_id=actor.user_id, read_at=None).update(read_at=clock.now())
