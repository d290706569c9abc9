"""The organization's own page: facts, account, evidence, persons and holders, and what was changed."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, Form
from django.http import Http404, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body
from marketplace.accounts.services.invitations import confirmed_addresses, request_to_join
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError
from marketplace.web.views import ActionView, ActorMixin, ActorPage, ServiceFormView, add_error, or_404

from ..forms import organization as forms
from ..models import AccountChange, Evidence, EvidenceKind, Organization, PersonLink
from ..permissions import (
    can_change_organization,
    can_confirm_account,
    can_keep_evidence,
    can_register_organization,
    can_see_organization,
)
from ..rules.registration import check_usable
from ..services import accounts, evidence, links, organizations

HOME = reverse_lazy("organizations:own")
CHANGES_SHOWN = 30


class Register(ServiceFormView):
    """Anyone with a confirmed address; a taken code leads to asking its administrators."""

    template_name = "organizations/organization_register.html"
    form_class = forms.RegisterForm
    success_message = _("The organization is registered. You may take documents, ask and bid at once.")
    taken: Body | None = None

    def allowed(self) -> Decision:
        return can_register_organization(self.actor)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.result = self.perform(form)
        except organizations.CodeTaken as error:
            self.taken = error.body
            add_error(form, error)
            return self.form_invalid(form)
        except MarketplaceError as error:
            add_error(form, error)
            return self.form_invalid(form)
        return self.act_for_it()

    def act_for_it(self) -> HttpResponse:
        """From now on one acts for the new organization."""
        from django.contrib import messages
        from django.http import HttpResponseRedirect

        from marketplace.accounts.middleware import SESSION_KEY

        membership = self.result.body.memberships.get(user_id=self.actor.user_id, ended_at=None)
        self.request.session[SESSION_KEY] = membership.pk
        messages.success(self.request, self.success_message)
        return HttpResponseRedirect(HOME)

    def perform(self, form: BaseForm) -> Organization:
        return organizations.register_organization(
            actor=self.actor,
            registration=form.registration(),  # type: ignore[attr-defined]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_address = bool(confirmed_addresses(self.actor))
        return super().get_context_data(taken=self.taken, has_address=has_address, **kwargs)


class RequestToJoin(ServiceFormView):
    """Ask the administrators of a registered organization for an invitation."""

    template_name = "organizations/join_request.html"
    form_class = forms.ReasonForm
    success_message = _("Your request is with the administrators, also by mail. They answer with an invitation.")

    def prepare(self, **kwargs: Any) -> None:
        self.body = or_404(lambda: Body.objects.of_kind("organization").get(code=kwargs["code"]))

    def get_form(self, form_class: Any = None) -> BaseForm:
        form = super().get_form(form_class)
        form.fields["reason"].label = _("Who you are")
        form.fields["reason"].help_text = _("One sentence, so that they know you: name, task, since when.")
        return form

    def perform(self, form: BaseForm) -> Any:
        return request_to_join(actor=self.actor, body_id=self.body.pk, note=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        return reverse("people:memberships")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(body=self.body, **kwargs)


class OfOrganization(ActorMixin):
    """Pages of the organization one acts for."""

    organization: Organization

    def prepare(self, **kwargs: Any) -> None:
        found = Organization.objects.visible_to(self.actor).select_related("body").first()
        if found is None:
            raise Http404
        self.organization = found

    def allowed(self) -> Decision:
        return can_change_organization(self.actor, self.organization)

    def get_success_url(self) -> str:
        return str(HOME)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            organization=self.organization, body=self.organization.body, cancel_url=HOME, **kwargs
        )


class OwnPage(OfOrganization, ActorPage):
    template_name = "organizations/organization_own.html"

    def allowed(self) -> Decision:
        return can_see_organization(self.actor, self.organization)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pending = self.organization.account_changes.filter(confirmed_at=None, rejected_at=None).first()
        if pending is not None:
            pending.organization = self.organization
        return super().get_context_data(
            may_change=bool(can_change_organization(self.actor, self.organization)),
            may_keep=bool(can_keep_evidence(self.actor, self.organization)),
            pending=pending,
            may_confirm=pending is not None and bool(can_confirm_account(self.actor, pending)),
            is_proposer=pending is not None and pending.proposed_by_id == self.actor.user_id,
            evidence_groups=self.evidence_groups(),
            links=self.organization.links.all(),
            changes=self.organization.changes.select_related("changed_by")[:CHANGES_SHOWN],
            **kwargs,
        )

    def evidence_groups(self) -> list[dict[str, Any]]:
        """The five kinds of R-ELIG-02, each with its documents, or empty: what is missing is seen at once."""
        documents, today = list(self.organization.evidence.select_related("file")), clock.today()
        return [
            {
                "kind": kind,
                "rows": [
                    {"item": item, "decision": check_usable(item.valid_until, item.withdrawn_at is not None, today)}
                    for item in documents
                    if item.kind == kind
                ],
            }
            for kind in EvidenceKind
        ]


class ChangeFacts(OfOrganization, ServiceFormView):
    template_name = "organizations/facts_form.html"
    form_class = forms.FactsForm
    success_message = _("The facts are saved; the earlier ones stay in the history.")

    def get_initial(self) -> dict[str, Any]:
        body, own = self.organization.body, self.organization
        facts = {name: getattr(body, name) for name in organizations.BODY_FACTS}
        return {**facts, **{name: getattr(own, name) for name in organizations.OWN_FACTS}}

    def perform(self, form: BaseForm) -> Any:
        return organizations.change_facts(
            actor=self.actor, organization_id=self.organization.pk, facts=form.cleaned_data
        )


class ProposeAccount(OfOrganization, ServiceFormView):
    template_name = "organizations/account_form.html"
    form_class = forms.AccountForm
    success_message = _("The account is entered.")

    def perform(self, form: BaseForm) -> AccountChange:
        return accounts.propose_account(actor=self.actor, organization_id=self.organization.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        second = accounts.second_people(self.organization, self.actor.user_id)
        return super().get_context_data(needs_second=bool(second), **kwargs)


class DecideAccount(ActionView):
    """A second person confirms the new account, or it is taken back."""

    success_message = _("The decision on the account is recorded.")

    def perform(self) -> AccountChange:
        decide = accounts.confirm_account if self.kwargs["verb"] == "confirm" else accounts.reject_account
        return decide(actor=self.actor, change_id=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return str(HOME)


class AddEvidence(OfOrganization, ServiceFormView):
    template_name = "organizations/evidence_form.html"
    form_class = forms.EvidenceForm
    success_message = _("The document is in the evidence file.")

    def allowed(self) -> Decision:
        return can_keep_evidence(self.actor, self.organization)

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", EvidenceKind.REGISTRATION)}

    def perform(self, form: BaseForm) -> Evidence:
        return evidence.add_evidence(
            actor=self.actor,
            organization_id=self.organization.pk,
            facts=form.facts(),  # type: ignore[attr-defined]
            upload=form.cleaned_data["file"],
        )


class WithdrawEvidence(OfOrganization, ServiceFormView):
    template_name = "organizations/evidence_withdraw.html"
    form_class = forms.ReasonForm
    success_message = _("The document is withdrawn.")

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        self.item = or_404(lambda: self.organization.evidence.get(pk=kwargs["pk"], withdrawn_at=None))

    def allowed(self) -> Decision:
        return can_keep_evidence(self.actor, self.organization)

    def perform(self, form: BaseForm) -> Evidence:
        return evidence.withdraw_evidence(
            actor=self.actor, evidence_id=self.item.pk, reason=form.cleaned_data["reason"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.item, **kwargs)


class AddLink(OfOrganization, ServiceFormView):
    template_name = "organizations/link_form.html"
    form_class = forms.LinkForm
    success_message = _("The tie is entered.")

    def perform(self, form: BaseForm) -> PersonLink:
        return links.add_link(
            actor=self.actor,
            organization_id=self.organization.pk,
            facts=form.facts(),  # type: ignore[attr-defined]
        )


class EndLink(OfOrganization, ServiceFormView):
    template_name = "organizations/link_end.html"
    form_class = Form
    success_message = _("The tie has ended today.")

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        self.link = or_404(lambda: self.organization.links.get(pk=kwargs["pk"], until=None))

    def perform(self, form: BaseForm) -> PersonLink:
        return links.end_link(actor=self.actor, link_id=self.link.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(link=self.link, **kwargs)
