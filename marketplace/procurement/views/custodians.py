"""Custodians' own pages, their appointment by the operator, their naming by a tender."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from marketplace.web.views import ActionView, ActorPage, ServiceFormView

from ..forms.bids import EndForm, NewKeyForm, PublicKeyForm, ShareForm
from ..models import CustodianKey, CustodianShare, LotStatus, TrialShare
from ..permissions.bids import can_appoint_custodian, can_keep_share
from ..selectors.custodians import is_proved, keys_in_use
from ..services import custodians


def own_trial(user_id: int | None) -> TrialShare | None:
    return TrialShare.objects.select_related("key").filter(key__user_id=user_id, key__retired_at=None).last()  # type: ignore[misc]


@method_decorator(never_cache, name="dispatch")
class CustodianView(ActorPage):
    """The own key, its proof, the appointment, and the lots whose shares one holds."""

    template_name = "procurement/custodian.html"

    def allowed(self) -> Any:
        return can_keep_share(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = keys_in_use().filter(user_id=self.actor.user_id).first()
        shares = (
            CustodianShare.objects.filter(custodian__user_id=self.actor.user_id)
            .select_related("lot_key__lot__tender__buyer")
            .order_by("lot_key__lot__tender__deadline")
        )
        return super().get_context_data(
            key=key,
            is_proved=key is not None and is_proved(key),
            is_appointed=key is not None and bool(key.current_appointments),  # type: ignore[attr-defined]
            waiting=[share for share in shares if share.lot_key.lot.status == LotStatus.CLOSED],
            coming=[share for share in shares if share.lot_key.lot.status == LotStatus.OPEN],
            past=[share for share in shares if share.lot_key.lot.status not in (LotStatus.CLOSED, LotStatus.OPEN)],
            **kwargs,
        )


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class CustodianFormView(ServiceFormView):
    success_url = reverse_lazy("procurement:custodian")

    def allowed(self) -> Any:
        return can_keep_share(self.actor)


class NewKeyView(CustodianFormView):
    """A key pair whose identity is stored under the passphrase only."""

    template_name = "procurement/custodian_key.html"
    form_class = NewKeyForm
    success_message = gettext_lazy("Your key is made. Now open the trial share, to prove that you can.")

    def perform(self, form: BaseForm) -> Any:
        return custodians.make_custodian_key(actor=self.actor, passphrase=form.cleaned_data["passphrase"])


class PublicKeyView(CustodianFormView):
    """The public half of a key that the custodian keeps at home."""

    template_name = "procurement/custodian_public_key.html"
    form_class = PublicKeyForm
    success_message = gettext_lazy("Your public key is registered. Now open the trial share, to prove that you can.")

    def perform(self, form: BaseForm) -> Any:
        return custodians.register_public_key(actor=self.actor, public_key=form.cleaned_data["public_key"])


class TrialView(CustodianFormView):
    template_name = "procurement/custodian_trial.html"
    form_class = ShareForm
    success_message = gettext_lazy("Proved. The operator can appoint you now.")

    def prepare(self, **kwargs: Any) -> None:
        self.trial = own_trial(self.actor.user_id)
        if self.trial is None:
            raise Http404

    def perform(self, form: BaseForm) -> Any:
        return custodians.prove_trial(
            actor=self.actor,
            passphrase=form.cleaned_data["passphrase"],
            share_text=form.cleaned_data["share_text"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = bytes(self.trial.encrypted_share).decode()  # type: ignore[union-attr]
        return super().get_context_data(trial=self.trial, encrypted=text, **kwargs)


class AppointmentListView(ActorPage):
    template_name = "procurement/custodian_list.html"

    def allowed(self) -> Any:
        return can_appoint_custodian(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows: list[dict[str, Any]] = [
            {"key": key, "is_proved": is_proved(key), "appointment": next(iter(key.current_appointments), None)}  # type: ignore[attr-defined]
            for key in keys_in_use()
        ]
        bodies = {row["key"].body_id for row in rows if row["appointment"]}
        return super().get_context_data(
            rows=rows, appointed=sum(bool(row["appointment"]) for row in rows), bodies=len(bodies), **kwargs
        )


class AppointView(ActionView):
    success_message = gettext_lazy("Appointed.")

    def allowed(self) -> Any:
        return can_appoint_custodian(self.actor)

    def perform(self) -> Any:
        return custodians.appoint_custodian(actor=self.actor, key_id=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("procurement:custodian-list")


class EndView(ServiceFormView):
    template_name = "procurement/custodian_end.html"
    form_class = EndForm
    success_url = reverse_lazy("procurement:custodian-list")
    success_message = gettext_lazy("The appointment has ended. Shares already held stay with the custodian.")

    def prepare(self, **kwargs: Any) -> None:
        self.key = CustodianKey.objects.select_related("user", "body").filter(pk=kwargs["pk"]).first()
        if self.key is None:
            raise Http404

    def allowed(self) -> Any:
        return can_appoint_custodian(self.actor)

    def perform(self, form: BaseForm) -> Any:
        return custodians.end_appointment(
            actor=self.actor, key_id=self.kwargs["pk"], reason=form.cleaned_data["reason"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(key=self.key, **kwargs)
