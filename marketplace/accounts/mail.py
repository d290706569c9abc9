"""E-mails of this room, sent by the worker after the commit; a failed one stands among the failed jobs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from marketplace.core import clock

from .models import Invitation, JoinRequest, Membership
from .roles import ROLES_OF_KIND
from .rules.people import ADMINISTRATORS


def send(template: str, subject: str, context: dict[str, Any], recipients: list[str]) -> None:
    body = render_to_string(f"accounts/mail/{template}.txt", {**context, "site": settings.MARKETPLACE_BASE_URL})
    for address in recipients:
        send_mail(f"[益招] {subject}", body, None, [address])


@task()
def send_invitation_task(invitation_id: int) -> None:
    """Mail the link of an invitation that still waits; sent once for each link."""
    invitation = Invitation.objects.select_related("body", "invited_by").get(pk=invitation_id)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.sent_at:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = translation.gettext("Invitation to act for %(body)s") % {"body": invitation.body.name}
        link = settings.MARKETPLACE_BASE_URL + reverse("people:invitation", args=[invitation.token])
        send("invitation", subject, {"invitation": invitation, "link": link}, [invitation.email])
    invitation.sent_at = clock.now()
    invitation.save(update_fields=["sent_at"])


@task()
def send_join_request_task(request_id: int) -> None:
    """Mail a body's administrators that somebody asks for an invitation."""
    request = JoinRequest.objects.select_related("body", "user").get(pk=request_id)
    if request.answered_at:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = translation.gettext("%(person)s asks to act for %(body)s") % {
            "person": request.user,
            "body": request.body.name,
        }
        link = settings.MARKETPLACE_BASE_URL + reverse("people:list")
        send("join_request", subject, {"request": request, "link": link}, administrator_addresses(request.body))


def administrator_addresses(body: Any) -> list[str]:
    """The addresses of those who may invite people into the body."""
    roles = ADMINISTRATORS & frozenset(ROLES_OF_KIND[body.kind])
    members = Membership.objects.current().filter(body=body, user__is_active=True).select_related("user")
    return [member.user.email for member in members if not roles.isdisjoint(member.roles)]
