"""Agreements in the workspace: list, page, drafting, deciding, signing, opening the payment, paying."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.log import subject_of
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import StaleVersion
from marketplace.documents.generation import latest_document, request_document
from marketplace.documents.models import Document, Signature
from marketplace.funds.selectors import agreement_money
from marketplace.ventures.models import Call, CallStatus
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..documents import statement_kind
from ..forms import AgreementFilter, AgreementForm, ReasonForm, SignForm, initial_of
from ..gateways import stripe_gateway
from ..models import Agreement, AgreementStatus, SponsorProfile
from ..permissions import (
    can_call_in,
    can_decide_agreement,
    can_draft_agreement,
    can_pay,
    can_sign_agreement,
    can_view_sponsorships,
    is_sponsor,
)
from ..selectors import agreement_document, checks_of, pots_to_choose, signed_sides
from ..services import agreement as services
from ..services.checkout import open_checkout

PAGE_SIZE = 30


class AgreementListView(ActorPage):
    template_name = "sponsorship/agreement_list.html"

    def allowed(self) -> Decision:
        return can_view_sponsorships(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AgreementFilter(self.request.GET or None)
        rows = Agreement.objects.visible_to(self.actor).with_parties()
        data = form.cleaned_data if form.is_bound and form.is_valid() else {}
        for word in str(data.get("q") or "").split():
            rows = rows.filter(
                Q(number__icontains=word) | Q(sponsor__name__icontains=word) | Q(call__title__icontains=word)
            )
        if data.get("state"):
            rows = rows.filter(status=data["state"])
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        own = SponsorProfile.objects.filter(body_id=self.actor.body_id).first()
        return super().get_context_data(
            **kwargs,
            form=form,
            page=page,
            rows=page.object_list,
            count=page.paginator.count,
            calls=self._calls(),
            years=self._years(own),
        )

    def _calls(self) -> list[Call]:
        """Where an officer may begin an agreement."""
        actor = self.actor
        if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
            return []
        live = (CallStatus.PUBLISHED, CallStatus.CLOSED)
        return list(Call.objects.filter(lead_id=actor.body_id, status__in=live).order_by("-pk"))

    def _years(self, own: SponsorProfile | None) -> list[tuple[int, Document | None]]:
        """A sponsor's years with a payment, each with its statement if one was made."""
        if own is None or not self.actor.has(Role.ORG_ADMIN):
            return []
        paid = Agreement.objects.filter(sponsor_id=own.body_id).exclude(paid_at=None)
        years = sorted({clock_year(moment) for moment in paid.values_list("paid_at", flat=True)}, reverse=True)
        return [(year, latest_document(statement_kind(year), own)) for year in years]


def clock_year(moment: Any) -> int:
    return int(moment.astimezone(clock.ZONE).year)


class StatementMakeView(ActionView):
    """The sponsor asks for its yearly statement."""

    success_message = gettext_lazy("The statement is being made. It stands here in a few seconds.")

    def prepare(self, year: int, **kwargs: Any) -> None:
        self.profile = or_404(lambda: SponsorProfile.objects.get(body_id=self.actor.body_id))
        or_404(lambda: Agreement.objects.filter(sponsor_id=self.actor.body_id, paid_at__year=year)[:1].get())
        self.year = year

    def allowed(self) -> Decision | bool:
        return self.actor.has(Role.ORG_ADMIN)

    def perform(self) -> None:
        request_document(statement_kind(self.year), self.profile)

    def get_success_url(self) -> str:
        return reverse("sponsorship:agreement-list") + "#statements"


class AgreementMixin:
    """Finds the agreement among those the actor may see; a stranger's is «not found»."""

    agreement: Agreement

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Agreement.objects.visible_to(self.actor).with_parties()  # type: ignore[attr-defined]
        self.agreement = or_404(lambda: rows.get(pk=pk))

    def get_success_url(self) -> str:
        return self.agreement.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(agreement=self.agreement, call=self.agreement.call, **kwargs)  # type: ignore[misc]


class AgreementView(AgreementMixin, ActorPage):
    """One agreement: its state as a line of steps, what is due, text, signatures, money, receipts."""

    template_name = "sponsorship/agreement_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement, actor = self.agreement, self.actor
        document = agreement_document(agreement)
        sides = signed_sides(document)
        payments = list(agreement.payments.prefetch_related("refunds", "disputes"))
        return super().get_context_data(
            **kwargs,
            steps=steps_of(agreement),
            document=document,
            signatures=list(Signature.objects.filter(document=document).select_related("user", "body"))
            if document
            else [],
            checks=checks_of(agreement) if agreement.status in services_states() else [],
            themes=[row.theme for row in agreement.themes.select_related("theme")],
            money=agreement_money(agreement),
            payments=payments,
            receipts=Document.objects.filter(
                subject__in=[subject_of(payment) for payment in payments], kind="sponsorship_receipt"
            ).select_related("file"),
            may=self._may(actor, sides),
            stripe_ready=stripe_gateway.is_ready(),
            sign_form=SignForm(),
            reason_form=ReasonForm(),
        )

    def _may(self, actor: Any, sides: set[int]) -> dict[str, bool]:
        agreement, status = self.agreement, self.agreement.status
        drafting = bool(can_draft_agreement(actor, agreement.call))
        deciding = bool(can_decide_agreement(actor, agreement))
        signing = bool(can_sign_agreement(actor, agreement)) and status == AgreementStatus.OFFERED
        return {
            "edit": drafting and status == AgreementStatus.DRAFT,
            "decide": deciding and status == AgreementStatus.SUBMITTED,
            "sign": signing and actor.body_id not in sides,
            "take_back": signing,
            "cancel": deciding and status in (AgreementStatus.OFFERED, AgreementStatus.SIGNED),
            "call_in": bool(can_call_in(actor, agreement))
            and status == AgreementStatus.SIGNED
            and agreement.call.status == CallStatus.CLOSED,
            "pay": bool(can_pay(actor, agreement)) and status == AgreementStatus.CALLED,
            "is_sponsor": is_sponsor(actor, agreement),
        }


def services_states() -> tuple[str, ...]:
    """Where the check list still decides."""
    return (AgreementStatus.DRAFT, AgreementStatus.SUBMITTED)


def steps_of(agreement: Agreement) -> list[dict[str, Any]]:
    states = ("draft", "submitted", "offered", "signed", "called", "paid")
    labels = (_("Draft"), _("Check"), _("Signatures"), _("Pledge"), _("Paying in"), _("Paid in"))
    stopped = agreement.status not in states
    place = states.index("paid") if agreement.paid_at else 4 if agreement.called_at else 3 if agreement.signed_at else 0
    now = place if stopped else states.index(agreement.status)
    return [
        {
            "label": label,
            "state": "done" if number < now else ("stopped" if stopped else "now") if number == now else "",
            "note": agreement.get_status_display() if stopped and number == now else "",
        }
        for number, label in enumerate(labels)
    ]


class DraftFormView(ServiceFormView):
    """A new agreement, or one being drafted."""

    template_name = "sponsorship/agreement_form.html"
    form_class: Any = AgreementForm
    call: Call

    def allowed(self) -> Decision:
        return can_draft_agreement(self.actor, self.call)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.call}

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class AgreementAddView(DraftFormView):
    success_message = gettext_lazy("The draft is kept. Check it and submit it to the second officer.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.call = or_404(lambda: Call.objects.visible_to(self.actor).select_related("lead").get(pk=pk))

    def get_initial(self) -> dict[str, Any]:
        return {"payee_name": self.call.lead.name}

    def perform(self, form: Any) -> Agreement:
        return services.draft_agreement(actor=self.actor, call_id=self.call.pk, data=form.as_input())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, call=self.call, has_pots=bool(pots_to_choose(self.call)))


class AgreementEditView(AgreementMixin, DraftFormView):
    success_message = gettext_lazy("Saved.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        super().prepare(pk)
        self.call = self.agreement.call

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.agreement)

    def perform(self, form: Any) -> Agreement:
        version = form.cleaned_data["version"] or 0
        try:
            return services.save_agreement(
                actor=self.actor, agreement_id=self.agreement.pk, version=version, data=form.as_input()
            )
        except StaleVersion as error:
            form.data = form.data.copy()
            form.data["version"] = str(error.current.version)  # type: ignore[attr-defined]
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, has_pots=True)


class SubmitView(AgreementMixin, ActionView):
    success_message = gettext_lazy("Submitted. An approver checks it and offers it to the sponsor.")

    def perform(self) -> Any:
        return services.submit_agreement(actor=self.actor, agreement_id=self.agreement.pk)


class OfferView(AgreementMixin, ActionView):
    success_message = gettext_lazy("Offered. Both sides can read the PDF and sign.")

    def perform(self) -> Any:
        return services.offer_agreement(actor=self.actor, agreement_id=self.agreement.pk)


class ReasonView(AgreementMixin, ServiceFormView):
    """Return, take back, cancel: each with a reason."""

    template_name = "sponsorship/ask.html"
    form_class = ReasonForm
    title: Any = ""
    service: Any = None

    def perform(self, form: Any) -> Any:
        return self.service(actor=self.actor, agreement_id=self.agreement.pk, reason=form.cleaned_data["reason"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, title=self.title, cancel_url=self.agreement.get_absolute_url())


class ReturnView(ReasonView):
    title = gettext_lazy("Return the agreement to the officer")
    service = staticmethod(services.return_agreement)

    def allowed(self) -> Decision:
        return can_decide_agreement(self.actor, self.agreement)


class TakeBackView(ReasonView):
    title = gettext_lazy("Ask for another text")
    service = staticmethod(services.take_back_agreement)

    def allowed(self) -> Decision:
        return can_sign_agreement(self.actor, self.agreement)

    def get_success_url(self) -> str:
        is_lead = self.agreement.call.lead_id == self.actor.body_id
        return self.agreement.get_absolute_url() if is_lead else reverse("sponsorship:agreement-list")


class CancelView(ReasonView):
    title = gettext_lazy("Cancel the agreement")
    service = staticmethod(services.cancel_agreement)

    def allowed(self) -> Decision:
        return can_decide_agreement(self.actor, self.agreement)


class SignView(AgreementMixin, ServiceFormView):
    template_name = "sponsorship/ask.html"
    form_class = SignForm
    success_message = gettext_lazy("Signed. When both sides have signed, the promise stands.")

    def allowed(self) -> Decision:
        return can_sign_agreement(self.actor, self.agreement)

    def perform(self, form: Any) -> Any:
        return services.sign_agreement(actor=self.actor, agreement_id=self.agreement.pk, code=form.cleaned_data["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            title=_("Sign the agreement"),
            text=_(
                "You sign in the system with a fresh one-time code. It is no reliable electronic signature (R-EDOC-02)."
            ),
            cancel_url=self.agreement.get_absolute_url(),
        )


class CallInView(AgreementMixin, ActionView):
    success_message = gettext_lazy("The payment is open for 14 days; the sponsor is told.")

    def perform(self) -> Any:
        return services.call_in(actor=self.actor, agreement_id=self.agreement.pk)


class CallInAllView(ActionView):
    """All signed agreements of one closed call."""

    success_message = gettext_lazy("The payments are open for 14 days; the sponsors are told.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.call = or_404(lambda: Call.objects.visible_to(self.actor).get(pk=pk))

    def allowed(self) -> Decision:
        return can_draft_agreement(self.actor, self.call)

    def perform(self) -> Any:
        return services.call_in_all(actor=self.actor, call_id=self.call.pk)

    def get_success_url(self) -> str:
        return reverse("sponsorship:agreement-list")


class PayView(AgreementMixin, ActionView):
    """A fresh Checkout Session; our page then leads to Stripe's."""

    def perform(self) -> Any:
        return open_checkout(actor=self.actor, agreement_id=self.agreement.pk)

    def get_success_url(self) -> str:
        made = getattr(self, "result", None)
        if made is None:
            return self.agreement.get_absolute_url()
        return reverse("sponsorship:pay-page", args=[self.agreement.pk, made.pk])


class PayPage(AgreementMixin, ActorPage):
    """Between our agreement and Stripe's page: how much, to whom, until when, and the link."""

    template_name = "sponsorship/pay_page.html"

    def prepare(self, pk: int, visit: int, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        rows = self.agreement.sessions.exclude(url="").filter(agreement__status=AgreementStatus.CALLED)
        self.session = or_404(lambda: rows.get(pk=visit))

    def allowed(self) -> Decision:
        return can_pay(self.actor, self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, session=self.session, methods=settings.STRIPE_PAYMENT_METHODS)


class PayDoneView(AgreementMixin, ActorPage):
    """Back from Stripe. This page books nothing: only a verified event does."""

    template_name = "sponsorship/pay_back.html"

    def allowed(self) -> Decision:
        return can_pay(self.actor, self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_paid = self.agreement.status in (AgreementStatus.PAID, AgreementStatus.REFUNDED)
        return super().get_context_data(**kwargs, is_paid=is_paid, is_left=False)


class PayLeftView(PayDoneView):
    """The sponsor left Stripe's page without paying."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_left": True}
