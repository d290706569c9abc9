"""Who may act for a body, and how one comes to it: memberships, invitations, requests to be invited."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..roles import Role
from .bodies import Body
from .people import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at=None)


class Membership(models.Model):
    """A person's roles in a body. Ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships")
    roles = models.JSONField(default=list, help_text="Values of `Role`.")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "body"], condition=models.Q(ended_at=None), name="membership_once")
        ]

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    @property
    def is_current(self) -> bool:
        return self.ended_at is None


class InvitationState(models.TextChoices):
    """Read off an invitation's times; never stored."""

    OPEN = "open", _("Sent, waiting")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class Invitation(models.Model):
    """An offer of roles in a body, sent by e-mail; taken by whoever signs in with that confirmed address."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    roles = models.JSONField(default=list, help_text="Values of `Role`.")
    token = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the mail server took the newest mail.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_pending_once",
            )
        ]

    def state(self, now: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.EXPIRED if now > self.expires_at else InvitationState.OPEN

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class JoinRequest(models.Model):
    """A person asks a body's administrators for an invitation (the way out of «this code is registered already»)."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="join_requests")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="join_requests")
    note = models.CharField(_("who you are"), max_length=200)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_granted = models.BooleanField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "user"], condition=models.Q(answered_at=None), name="join_request_open_once"
            )
        ]
