"""The opening hall of a lot, for the officer, the bidders and the custodians."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorMixin, ActorPage, ServiceFormView

from ..forms.bids import AnswerObjectionForm, CopyForm, ObjectForm, ShareForm
from ..models import BidStatus, CustodianShare, Lot, LotStatus, OpeningStatement
from ..permissions.bids import (
    can_attend_opening,
    can_read_opened_bids,
    can_run_opening,
    holds_share_of,
    is_bidder_of,
    may_enter_hall,
)
from ..rules.bidding import in_time
from ..rules.opening import minutes_may_be_fixed, statements_open
from ..selectors.openings import attended_lots, read_out, shares_of, signs_in, statement_of
from ..services import copies, opening, statements

PAGE_SIZE = 20
SHOWN = (LotStatus.DRAFT,)


@method_decorator(never_cache, name="dispatch")
class OpeningListView(ActorPage):
    """The lots whose opening one attends: before, now, and past."""

    template_name = "procurement/opening_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.request.GET.get("show", "")
        lots = attended_lots(self.actor)
        if shown == "waiting":
            lots = lots.filter(status=LotStatus.CLOSED)
        elif shown == "opened":
            lots = lots.exclude(opening=None)
        page = Paginator(lots, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, shown=shown, **kwargs)


@method_decorator(never_cache, name="dispatch")
class HallMixin(ActorMixin):
    """A lot's hall; who has no seat in it does not learn that it exists."""

    lot: Lot

    def prepare(self, **kwargs: Any) -> None:
        lot = (
            Lot.objects.select_related("tender__buyer", "tender__agency", "closing", "opening", "key")
            .filter(pk=kwargs["lot_id"])
            .exclude(status__in=SHOWN)
            .first()
        )
        if lot is None or not can_attend_opening(self.actor, lot):
            raise Http404
        require_permission(may_enter_hall(self.actor, lot))
        self.lot = lot

    def hall(self) -> str:
        return reverse("procurement:opening", args=[self.lot.pk])

    def get_success_url(self) -> str:
        return self.hall()


class OpeningView(HallMixin, ActorPage):
    template_name = "procurement/opening_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.lot.status == LotStatus.CLOSED:
            response["Refresh"] = "15"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot = self.lot
        shares = list(shares_of(lot))
        held = next((share for share in shares if share.custodian.user_id == self.actor.user_id), None)
        return super().get_context_data(
            lot=lot,
            tender=lot.tender,
            closing=getattr(lot, "closing", None),
            shares=shares,
            handed_in=sum(share.handed_in_at is not None for share in shares),
            threshold=lot.key.threshold if hasattr(lot, "key") else 0,
            own_share=held,
            is_past_deadline=not in_time(clock.now(), lot.tender.deadline),  # type: ignore[arg-type]
            leads=bool(can_run_opening(self.actor, lot)),
            bids_here=is_bidder_of(self.actor, lot),
            retenders=list(lot.retenders.kept()) if lot.status == LotStatus.VOID else [],
            **self._read_out(),
            **kwargs,
        )

    def _read_out(self) -> dict[str, Any]:
        held = getattr(self.lot, "opening", None)
        if held is None:
            return {}
        rows: list[dict[str, Any]] = [{"bid": bid, "statement": statement_of(bid)} for bid in read_out(self.lot)]
        own = next((row for row in rows if row["bid"].body_id == self.actor.body_id), None)
        unanswered = [
            row for row in rows if row["statement"] and not row["statement"].confirms and not row["statement"].answer
        ]
        return {
            "opening": held,
            "rows": rows,
            "own": own,
            "may_state": bool(statements_open(clock.now(), held.statements_until)),
            "fixing": minutes_may_be_fixed(
                clock.now(),
                held.statements_until,
                all_stated=all(row["statement"] for row in rows),
                unanswered=len(unanswered),
            ),
            "minutes": latest_document("opening_minutes", held),
            "signs": signs_in(row["bid"] for row in rows) if can_read_opened_bids(self.actor, self.lot) else [],
        }


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class ShareView(HallMixin, ServiceFormView):
    """A custodian hands in the share: by passphrase, or decrypted at home."""

    template_name = "procurement/opening_share.html"
    form_class = ShareForm
    success_message = gettext_lazy("Your share is in. Thank you.")

    def allowed(self) -> Any:
        return holds_share_of(self.actor, self.lot)

    def perform(self, form: BaseForm) -> Any:
        return opening.hand_in_share(
            actor=self.actor,
            lot_id=self.lot.pk,
            passphrase=form.cleaned_data["passphrase"],
            share_text=form.cleaned_data["share_text"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        share = own_share(self.actor.user_id, self.lot)
        return super().get_context_data(
            lot=self.lot,
            tender=self.lot.tender,
            share=share,
            encrypted=bytes(share.encrypted_share).decode(),
            is_closed=self.lot.status == LotStatus.CLOSED,
            **kwargs,
        )


def own_share(user_id: int | None, lot: Lot) -> CustodianShare:
    return CustodianShare.objects.select_related("custodian").get(lot_key__lot=lot, custodian__user_id=user_id)  # type: ignore[misc]


class ShareFileView(HallMixin, View):
    """The own share, encrypted to the own key: to be opened at home with `age`."""

    def allowed(self) -> Any:
        return holds_share_of(self.actor, self.lot)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        share = own_share(self.actor.user_id, self.lot)
        response = HttpResponse(bytes(share.encrypted_share), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="share-{self.lot.number}.age"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class BidderOnly(HallMixin):
    def allowed(self) -> Any:
        return is_bidder_of(self.actor, self.lot)


class ConfirmView(BidderOnly, ActionView):
    success_message = gettext_lazy("Confirmed. Your statement is in the minutes.")

    def perform(self) -> Any:
        return statements.make_statement(actor=self.actor, lot_id=self.lot.pk, confirms=True)


class ObjectView(BidderOnly, ServiceFormView):
    template_name = "procurement/opening_object.html"
    form_class = ObjectForm
    success_message = gettext_lazy("Your objection is in the minutes; the officer has to answer it.")

    def perform(self, form: BaseForm) -> Any:
        return statements.make_statement(
            actor=self.actor, lot_id=self.lot.pk, confirms=False, text=form.cleaned_data["text"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lot=self.lot, tender=self.lot.tender, **kwargs)


class StandInView(BidderOnly, ServiceFormView):
    """The proved own copy of a bid that could not be opened (R-EDOC-08)."""

    template_name = "procurement/opening_copy.html"
    form_class = CopyForm
    success_message = gettext_lazy("Your copy is proved and stands in for the sealed bid.")

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if not self.lot.bids.filter(body_id=self.actor.body_id, status=BidStatus.UNREADABLE).exists():
            raise Http404

    def perform(self, form: BaseForm) -> Any:
        return copies.stand_in(actor=self.actor, lot_id=self.lot.pk, upload=form.cleaned_data["copy"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lot=self.lot, tender=self.lot.tender, **kwargs)


class LeaderOnly(HallMixin):
    def allowed(self) -> Any:
        return can_run_opening(self.actor, self.lot)


class AnswerView(LeaderOnly, ServiceFormView):
    template_name = "procurement/opening_answer.html"
    form_class = AnswerObjectionForm
    success_message = gettext_lazy("Answered. The answer is in the minutes.")

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        self.statement = (
            OpeningStatement.objects.select_related("bid__body").filter(pk=kwargs["pk"], opening__lot=self.lot).first()
        )
        if self.statement is None or self.statement.confirms:
            raise Http404

    def perform(self, form: BaseForm) -> Any:
        return statements.answer_statement(
            actor=self.actor, statement_id=self.kwargs["pk"], answer=form.cleaned_data["answer"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lot=self.lot, tender=self.lot.tender, statement=self.statement, **kwargs)


class CloseView(LeaderOnly, ActionView):
    success_message = gettext_lazy("The minutes are fixed. The eligibility check can begin.")

    def perform(self) -> Any:
        return statements.close_opening(actor=self.actor, lot_id=self.lot.pk)
