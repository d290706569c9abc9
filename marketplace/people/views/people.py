"""The people of a body: list, invite, change, end; requests of those who want to join."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.forms import BaseForm, Form
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body, Invitation, JoinRequest, Membership
from marketplace.accounts.permissions import can_end_membership, can_manage_people
from marketplace.accounts.roles import SECOND_FACTOR_ROLES, Role
from marketplace.accounts.services import invitations, memberships
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.web.views import ActionView, ActorMixin, ActorPage, ServiceFormView, or_404

from ..forms.people import InviteForm, RolesForm


class OfBody(ActorMixin):
    """Pages of one body: the actor's own, or any for the operator (`?body=`)."""

    body: Body

    def prepare(self, **kwargs: Any) -> None:
        wanted = self.request.GET.get("body") or self.request.POST.get("body") or str(self.actor.body_id or "")
        found = Body.objects.filter(pk=wanted).first() if wanted.isdigit() else None
        if found is None or (found.pk != self.actor.body_id and not self.actor.has(Role.OPERATOR)):
            raise Http404
        self.body = found

    def allowed(self) -> Decision:
        return can_manage_people(self.actor, self.body)

    def list_url(self) -> str:
        url = reverse("people:list")
        return url if self.body.pk == self.actor.body_id else f"{url}?body={self.body.pk}"


class PeopleList(OfBody, ActorPage):
    template_name = "people/people_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        factor = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
        members = Membership.objects.filter(body=self.body).select_related("user").annotate(has_factor=Exists(factor))
        now = clock.now()
        invited = [
            {"invitation": invitation, "state": invitation.state(now)}
            for invitation in Invitation.objects.filter(body=self.body, accepted_at=None, withdrawn_at=None)
        ]
        return super().get_context_data(
            body=self.body,
            is_own=self.body.pk == self.actor.body_id,
            members=[_row(member) for member in members if member.is_current],
            former=[member for member in members if not member.is_current],
            invited=invited,
            requests=JoinRequest.objects.filter(body=self.body, answered_at=None).select_related("user"),
            **kwargs,
        )


def _row(member: Any) -> dict[str, Any]:
    needs = not SECOND_FACTOR_ROLES.isdisjoint(member.roles)
    return {"member": member, "needs_factor": needs and not member.has_factor, "has_factor": member.has_factor}


class InvitePerson(OfBody, ServiceFormView):
    template_name = "people/person_invite.html"
    form_class = InviteForm
    success_message = _("The invitation is on its way.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.body.kind}

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.request.GET.get("email", "")}

    def perform(self, form: BaseForm) -> Invitation:
        return invitations.invite_person(actor=self.actor, body_id=self.body.pk, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.list_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(body=self.body, list_url=self.list_url(), **kwargs)


class OneMembership(ActorMixin):
    membership: Membership

    def prepare(self, **kwargs: Any) -> None:
        self.membership = or_404(
            lambda: Membership.objects.current().select_related("user", "body").get(pk=kwargs["pk"])
        )
        is_own = self.membership.user_id == self.actor.user_id
        if not is_own and not can_manage_people(self.actor, self.membership.body):
            raise Http404

    def list_url(self) -> str:
        """Back to where one came from: the body's list for its administrators, one's own roles for leaving."""
        body = self.membership.body
        if not can_manage_people(self.actor, body):
            return reverse("people:memberships")
        url = reverse("people:list")
        return url if body.pk == self.actor.body_id else f"{url}?body={body.pk}"


class ChangeRoles(OneMembership, ServiceFormView):
    template_name = "people/person_change.html"
    form_class = RolesForm
    success_message = _("The roles are changed.")

    def allowed(self) -> Decision:
        return can_manage_people(self.actor, self.membership.body)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.membership.body.kind}

    def get_initial(self) -> dict[str, Any]:
        return {"roles": self.membership.roles}

    def perform(self, form: BaseForm) -> Membership:
        roles = form.cleaned_data["roles"]
        return memberships.change_roles(actor=self.actor, membership_id=self.membership.pk, roles=roles)

    def get_success_url(self) -> str:
        return self.list_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(membership=self.membership, list_url=self.list_url(), **kwargs)


class EndMembership(OneMembership, ServiceFormView):
    """Asks first: what ends, and what stays."""

    template_name = "people/person_end.html"
    form_class = Form
    success_message = _("The roles have ended.")

    def allowed(self) -> Decision:
        return can_end_membership(self.actor, self.membership)

    def perform(self, form: BaseForm) -> Membership:
        return memberships.end_membership(actor=self.actor, membership_id=self.membership.pk)

    def get_success_url(self) -> str:
        return self.list_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(membership=self.membership, list_url=self.list_url(), **kwargs)


class ResendInvitation(ActionView):
    success_message = _("The invitation is on its way again; the old link has stopped working.")

    def perform(self) -> Invitation:
        return invitations.resend_invitation(actor=self.actor, invitation_id=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return back_to_list(self)


class WithdrawInvitation(ResendInvitation):
    success_message = _("The invitation is withdrawn.")

    def perform(self) -> Invitation:
        return invitations.withdraw_invitation(actor=self.actor, invitation_id=self.kwargs["pk"])


class DeclineRequest(ActionView):
    success_message = _("The request is declined.")

    def perform(self) -> JoinRequest:
        return invitations.answer_join_request(actor=self.actor, request_id=self.kwargs["pk"], roles=[])

    def get_success_url(self) -> str:
        return back_to_list(self)


class GrantRequest(ServiceFormView):
    """Choose the roles for somebody who asked; the invitation goes out at once."""

    template_name = "people/request_grant.html"
    form_class = RolesForm
    success_message = _("The invitation is on its way.")

    def prepare(self, **kwargs: Any) -> None:
        self.join_request = or_404(
            lambda: JoinRequest.objects.select_related("body", "user").get(pk=kwargs["pk"], answered_at=None)
        )
        if not can_manage_people(self.actor, self.join_request.body):
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.join_request.body.kind}

    def perform(self, form: BaseForm) -> JoinRequest:
        roles = form.cleaned_data["roles"]
        return invitations.answer_join_request(actor=self.actor, request_id=self.join_request.pk, roles=roles)

    def get_success_url(self) -> str:
        return back_to_list(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(join_request=self.join_request, list_url=back_to_list(self), **kwargs)


def back_to_list(view: ActorMixin) -> str:
    body = view.request.POST.get("body", "") or view.request.GET.get("body", "")
    url = reverse("people:list")
    return f"{url}?body={body}" if body.isdigit() and body != str(view.actor.body_id) else url
