"""One's own roles, and taking an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from marketplace.accounts.middleware import SESSION_KEY
from marketplace.accounts.models import Invitation, Membership
from marketplace.accounts.services import invitations
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.web.views import ActorPage, refusal_text


class MyMemberships(ActorPage):
    """For whom one acts, what waits to be accepted, and how to come to more."""

    template_name = "people/my_memberships.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addresses = [address.lower() for address in invitations.confirmed_addresses(self.actor)]
        waiting = Invitation.objects.filter(
            email__in=addresses, accepted_at=None, withdrawn_at=None, expires_at__gte=clock.now()
        ).select_related("body", "invited_by")
        former = Membership.objects.filter(user_id=self.actor.user_id, ended_at__isnull=False).select_related("body")
        return super().get_context_data(waiting=waiting, former=former, has_address=bool(addresses), **kwargs)


class InvitationPage(TemplateView):
    """What is offered, by whom; accepting needs the confirmed address. Anyone who holds the link may read it."""

    template_name = "people/invitation.html"

    def invitation(self) -> Invitation:
        found = Invitation.objects.filter(token=self.kwargs["token"]).select_related("body", "invited_by").first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invitation = self.invitation()
        actor = self.request.actor  # type: ignore[attr-defined]
        decision = invitations.check_open(invitation)
        if decision.allowed and actor.is_signed_in:
            decision = invitations.rules.check_address(invitation.email, invitations.confirmed_addresses(actor))
        return super().get_context_data(
            invitation=invitation,
            decision=decision,
            is_open=bool(invitations.check_open(invitation)),
            is_mine=invitation.accepted_by_id is not None and invitation.accepted_by_id == actor.user_id,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            membership = invitations.accept_invitation(
                actor=request.actor,  # type: ignore[attr-defined]
                token=self.kwargs["token"],
            )
        except MarketplaceError as error:
            if error.code == "not_found":
                raise Http404 from error
            context = self.get_context_data(error=refusal_text(error), **kwargs)
            return render(request, self.template_name, context, status=422)
        request.session[SESSION_KEY] = membership.pk
        messages.success(request, _("You now act for %(body)s.") % {"body": membership.body.name})
        return HttpResponseRedirect(reverse("people:memberships"))
