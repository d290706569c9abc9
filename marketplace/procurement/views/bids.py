"""A bidder's pages: list, start, steps, check and sealing, submit, receipt. Thin; strangers get «not found»."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorMixin, ActorPage, or_404, refusal_text

from ..forms.bids import SubmitForm
from ..models import Bid, BidDraft, BidStatus, DraftStatus, Lot, LotStatus, PartStatus, TenderStatus
from ..permissions.bids import can_bid, can_withdraw_bid
from ..rules.bid_contents import Payload, amount_of, missing
from ..rules.bidding import in_time
from ..selectors.bids import asked_of, bidder_conflict, bids_of, inclusion_proof_of
from ..selectors.steps import Step, files_at, sealing_progress, steps_of
from ..services import bids, copies, drafts

PAGE_SIZE = 20


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class BidMixin(ActorMixin):
    """Pages of one draft of the own organization."""

    draft: BidDraft

    def prepare(self, **kwargs: Any) -> None:
        self.draft = drafts.own_draft(self.actor, kwargs["pk"])

    def allowed(self) -> Any:
        return can_bid(self.actor)

    @property
    def payload(self) -> Payload:
        if not hasattr(self, "_payload"):
            self._payload = drafts.read_payload(self.draft)
        return self._payload

    def steps(self) -> list[Step]:
        return steps_of(self.draft, missing(self.payload, asked_of(self.draft.lot)))

    def page(self, **context: Any) -> dict[str, Any]:
        """What every page of a draft shows."""
        return {
            "draft": self.draft,
            "lot": self.draft.lot,
            "tender": self.draft.lot.tender,
            "is_late": not in_time(clock.now(), self.draft.lot.tender.deadline),  # type: ignore[arg-type]
            **context,
        }

    def home(self) -> str:
        return reverse("procurement:bid-detail", args=[self.draft.pk])


@method_decorator(never_cache, name="dispatch")
class BidListView(ActorPage):
    template_name = "procurement/bid_list.html"

    def allowed(self) -> Any:
        return can_bid(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.request.GET.get("show", "")
        rows = bids_of(self.actor).order_by("-received_at")
        if shown == "counting":
            rows = rows.exclude(status__in=(BidStatus.REPLACED, BidStatus.WITHDRAWN))
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        living = BidDraft.objects.filter(body_id=self.actor.body_id, destroyed_at=None).exclude(
            status=DraftStatus.SUBMITTED
        )
        return super().get_context_data(
            page=page,
            shown=shown,
            drafts=living.select_related("lot__tender", "updated_by").order_by("lot__tender__deadline"),
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class BidStartView(ActorPage):
    """What bidding here means, and the button that opens a draft."""

    template_name = "procurement/bid_start.html"

    def prepare(self, **kwargs: Any) -> None:
        published = Lot.objects.select_related("tender__buyer").filter(tender__status=TenderStatus.PUBLISHED)
        self.lot = or_404(lambda: published.get(pk=kwargs["lot_id"]))

    def allowed(self) -> Any:
        return can_bid(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot, own = self.lot, bids_of(self.actor).filter(lot=self.lot)
        return super().get_context_data(
            lot=lot,
            tender=lot.tender,
            decisions=[in_time(clock.now(), lot.tender.deadline), bidder_conflict(self.actor, lot)],
            is_open=lot.status == LotStatus.OPEN,
            draft=lot.drafts.filter(body_id=self.actor.body_id, destroyed_at=None).first(),
            submitted=own.filter(status=BidStatus.SUBMITTED).first(),
            asked=asked_of(lot),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            draft = drafts.start_draft(actor=self.actor, lot_id=self.lot.pk)
        except Refused as error:
            messages.error(request, refusal_text(error))
            return self.render_to_response(self.get_context_data(), status=422)
        return HttpResponseRedirect(reverse("procurement:bid-detail", args=[draft.pk]))


class BidDetailView(BidMixin, ActorPage):
    """The bid's own page: where it stands, what is missing, what comes next."""

    template_name = "procurement/bid_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft.destroyed_at is not None:
            return self._gone()
        if self.draft.status in (DraftStatus.SEALING, DraftStatus.READY):
            return HttpResponseRedirect(reverse("procurement:bid-seal", args=[self.draft.pk]))
        return super().get(request, *args, **kwargs)

    def _gone(self) -> HttpResponse:
        bid = self.draft.bids.order_by("-received_at").first()
        if bid is None:
            return self.response_class(
                self.request,
                "procurement/bid_destroyed.html",
                self.get_context_data(**self.page()),
                status=410,
                using=self.template_engine,
            )
        return HttpResponseRedirect(reverse("procurement:bid-receipt", args=[bid.receipt_number]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.draft.destroyed_at is not None:
            return super().get_context_data(**kwargs)
        steps = self.steps()
        submitted = self.draft.lot.bids.filter(body_id=self.draft.body_id, status=BidStatus.SUBMITTED).first()
        return super().get_context_data(
            **self.page(
                steps=steps,
                open_steps=sum(not step.is_done for step in steps),
                next_step=next((step for step in steps if not step.is_done), None),
                submitted=submitted,
                price=amount_of(self.payload),
                **kwargs,
            )
        )


class BidSealView(BidMixin, ActorPage):
    """Check before sealing, the sealing itself, and the submit: three states of one page."""

    template_name = "procurement/bid_seal.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft.destroyed_at is not None or self.draft.status == DraftStatus.SUBMITTED:
            return HttpResponseRedirect(self.home())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps, parts = self.steps(), {str(part.pk): part for part in self.draft.parts.all()}
        files = [row for step in steps for place in step.places for row in files_at(self.payload, place, parts)]
        return super().get_context_data(
            **self.page(
                steps=steps,
                files=files,
                total_size=sum(row["size"] for row in files),
                problems=[problem for step in steps for problem in step.problems],
                progress=sealing_progress(self.draft, self.payload),
                price=amount_of(self.payload),
                form=kwargs.pop("form", None) or SubmitForm(initial={"version": self.draft.version}),
                PartStatus=PartStatus,
                **kwargs,
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """«The bid is complete»."""
        try:
            bids.mark_complete(actor=self.actor, draft_id=self.draft.pk)
        except MarketplaceError as error:
            if isinstance(error, NotAllowed | NotFound):
                raise
            messages.error(request, refusal_text(error))
        return HttpResponseRedirect(reverse("procurement:bid-seal", args=[self.draft.pk]))


class BidProgressView(BidMixin, View):
    """Numbers for the progress line: how many files are sealed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if self.draft.destroyed_at is not None:
            return JsonResponse({"total": 0, "sealed": 0, "status": self.draft.status})
        return JsonResponse(sealing_progress(self.draft, self.payload))


class BidResumeView(BidMixin, ActionView):
    """Back to writing."""

    def perform(self) -> Any:
        return bids.resume_editing(actor=self.actor, draft_id=self.draft.pk)

    def get_success_url(self) -> str:
        return self.home()


class BidSubmitView(BidMixin, ActorPage):
    """The last click. `received_at` was taken by the middleware when the post had been read whole."""

    template_name = "procurement/bid_seal.html"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SubmitForm(request.POST)
        form.is_valid()
        try:
            bid = bids.submit_bid(
                actor=self.actor,
                draft_id=self.draft.pk,
                received_at=request.received_at,  # type: ignore[attr-defined]
                keep_copy=form.cleaned_data["keep_copy"],
                version=form.cleaned_data.get("version"),
            )
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            form.add_error(None, refusal_text(error))
            return self._kept(form)
        return HttpResponseRedirect(reverse("procurement:bid-receipt", args=[bid.receipt_number]))

    def _kept(self, form: SubmitForm) -> HttpResponse:
        """Refused: the page comes back with everything on it."""
        view = BidSealView()
        view.setup(self.request, pk=self.draft.pk)
        view.draft = self.draft
        view.draft.refresh_from_db()
        form.data = {**form.data.dict(), "version": str(view.draft.version)}  # type: ignore[attr-defined]
        if view.draft.destroyed_at is not None:
            messages.error(self.request, str(form.non_field_errors()[0]))
            return HttpResponseRedirect(self.home())
        return view.render_to_response(view.get_context_data(form=form), status=422)


class BidCopyView(BidMixin, View):
    """The bidder's own copy, as a stream."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | StreamingHttpResponse:
        try:
            content = copies.own_copy(actor=self.actor, draft_id=self.draft.pk)
        except MarketplaceError as error:
            messages.error(request, refusal_text(error))
            return HttpResponseRedirect(self.home())
        response = StreamingHttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="bid-{self.draft.lot.number}.zip"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class BidPartView(BidMixin, View):
    """A file of the draft, decrypted as a stream for its own people."""

    def get(self, request: HttpRequest, *args: Any, part_id: Any, **kwargs: Any) -> StreamingHttpResponse:
        is_living = self.draft.destroyed_at is None
        meta = self.payload["parts"].get(str(part_id)) if is_living else None
        if meta is None:
            raise Http404
        response = StreamingHttpResponse(self._content(part_id), content_type=meta["content_type"])
        response.headers["Content-Disposition"] = attachment(meta["name"])
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _content(self, part_id: Any) -> Any:
        with drafts.open_draft_part(self.draft, part_id) as plain:
            while data := plain.read(64 * 1024):
                yield data


def attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


class BidPartRemoveView(BidMixin, ActionView):
    def perform(self) -> Any:
        return drafts.remove_part(actor=self.actor, draft_id=self.draft.pk, part_id=self.kwargs["part_id"])

    def get_success_url(self) -> str:
        step = self.request.POST.get("step", "")
        known = {step.key for step in steps_of(self.draft)}
        return reverse("procurement:bid-step", args=[self.draft.pk, step]) if step in known else self.home()


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class ReceiptMixin(ActorMixin):
    """Pages of one submitted bid of the own organization."""

    bid: Bid

    def prepare(self, **kwargs: Any) -> None:
        bid = (
            bids_of(self.actor).select_related("submitted_by", "body").filter(receipt_number=kwargs["receipt"]).first()
        )
        if bid is None or self.actor.body_id is None:
            raise Http404
        self.bid = bid


class BidReceiptView(ReceiptMixin, ActorPage):
    template_name = "procurement/bid_receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid = self.bid
        deadline = bid.lot.tender.deadline
        is_open = bid.lot.status == LotStatus.OPEN and bool(in_time(clock.now(), deadline))  # type: ignore[arg-type]
        draft = bid.lot.drafts.filter(body_id=bid.body_id, destroyed_at=None).first()
        return super().get_context_data(
            bid=bid,
            lot=bid.lot,
            tender=bid.lot.tender,
            document=latest_document("bid_receipt", bid),
            proof=inclusion_proof_of(bid),
            can_change=is_open and bid.status == BidStatus.SUBMITTED and bool(can_bid(self.actor)),
            draft=draft,
            **kwargs,
        )


class BidProofView(ReceiptMixin, View):
    """The inclusion proof of the bid's log entry, as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proof = inclusion_proof_of(self.bid)
        if proof is None:
            raise Http404
        response = HttpResponse(json.dumps(proof, ensure_ascii=False, indent=2), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{self.bid.receipt_number}.proof.json"'
        return response


class BidWithdrawView(ReceiptMixin, ActorPage):
    template_name = "procurement/bid_withdraw.html"

    def allowed(self) -> Any:
        return can_withdraw_bid(self.actor, self.bid)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bid=self.bid, lot=self.bid.lot, tender=self.bid.lot.tender, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            bids.withdraw_bid(
                actor=self.actor,
                receipt_number=self.bid.receipt_number,
                received_at=request.received_at,  # type: ignore[attr-defined]
            )
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            messages.error(request, refusal_text(error))
        else:
            messages.success(request, _("The bid is withdrawn. It stays sealed and is not counted."))
        return HttpResponseRedirect(reverse("procurement:bid-receipt", args=[self.bid.receipt_number]))
