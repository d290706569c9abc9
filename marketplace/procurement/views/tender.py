"""Tenders in the workspace: the list, one tender's page, and the second officer's decision."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import StaleVersion
from marketplace.documents.pdf import render_pdf
from marketplace.planning.models import ListedItem
from marketplace.planning.permissions import can_plan
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.lists import TenderFilter
from ..forms.media import MediumForm
from ..forms.tender import DiscardForm, ReturnForm
from ..models import Lot, LotStatus, PaperStatus, Tender, TenderStatus
from ..permissions.question import can_see_takers
from ..permissions.tender import can_decide_tender, can_prepare_tender
from ..selectors.content import content_of, differences, marked
from ..selectors.lists import tender_rows, tenders_for
from ..selectors.media import notice_period, notices_on_media
from ..selectors.progress import progress_of, timeline_of
from ..selectors.tender import checks_of, with_pages
from ..services import draft, retender, tender as tenders
from ..services.correction import extension_offer
from ..tender_papers import documents_context
from ..wizard import BY_KEY, STEPS

PAGE_SIZE = 30
RELATED = (
    "item__purchase_list", "item__budget_line__fund", "buyer", "agency", "snapshot", "submitted_by",
    "retender_of__tender",
)  # fmt: skip


class TenderListView(ActorPage):
    """Every tender that the actor may see, with what comes next and until when."""

    template_name = "procurement/tender_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = TenderFilter(self.request.GET or None)
        form.is_valid()
        tenders_found = tenders_for(self.actor, getattr(form, "cleaned_data", {}))
        page = Paginator(tenders_found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            form=form,
            page=page,
            rows=tender_rows(page.object_list),
            count=page.paginator.count,
            may_plan=can_plan(self.actor).allowed,
        )


class TenderMixin:
    """Looks a tender up among those the actor may see; a stranger's is «not found»."""

    tender: Tender

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Tender.objects.visible_to(self.actor).select_related(*RELATED)  # type: ignore[attr-defined]
        self.tender = or_404(lambda: rows.get(pk=pk))

    def get_success_url(self) -> str:
        return reverse("procurement:tender-detail", args=[self.tender.pk])


class TenderDetailView(TenderMixin, ActorPage):
    """One tender: its state as a line of steps, what is due, its lots, who did what."""

    template_name = "procurement/tender_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tender = self.tender
        return super().get_context_data(
            **kwargs,
            tender=tender,
            steps=progress_of(tender),
            lots=list(tender.lots.prefetch_related(Prefetch("retenders", Tender.objects.kept()))),
            timeline=timeline_of(tender),
            may_prepare=can_prepare_tender(self.actor, tender).allowed,
            decide=can_decide_tender(self.actor, tender),
            is_draft=tender.status == TenderStatus.DRAFT,
            is_waiting=tender.status == TenderStatus.SUBMITTED,
            is_discarded=tender.status == TenderStatus.DISCARDED,
            is_public=bool(tender.number),
            is_open=tender.status == TenderStatus.PUBLISHED and clock.now() <= tender.deadline,  # type: ignore[operator]
            questions=list(tender.questions.order_by("answered_at", "answer_due")),
            corrections=list(tender.corrections.exclude(status=PaperStatus.WITHDRAWN).select_related("snapshot")),
            terminations=list(tender.terminations.exclude(status=PaperStatus.WITHDRAWN)),
            takers=self.takers(),
            takers_secret=can_see_takers(self.actor, tender, clock.now()),
            **self.media(),
            extension=extension_offer(tender) if tender.status == TenderStatus.PUBLISHED else None,
            return_form=ReturnForm(),
        )

    def media(self) -> dict[str, Any]:
        """Where else the notices stand, what it does to the notice period, and the form for one more."""
        if not self.tender.number:
            return {}
        notices = notices_on_media(self.tender)
        missing = [row.snapshot.number for row in notices if not row.records]
        snapshots = [row.snapshot for row in notices]
        form = MediumForm(initial={"notice": next(iter(missing), "")}, notices=snapshots)
        return {
            "media": notices,
            "media_missing": len(missing),
            "medium_form": form,
            "notice_period": notice_period(self.tender, snapshots),
        }

    def takers(self) -> list[Any]:
        """Asked of the database only when it may be known (R-TENDER-14)."""
        if not can_see_takers(self.actor, self.tender, clock.now()).allowed:
            return []
        return list(self.tender.takes.select_related("body").order_by("taken_at"))


class ReviewView(TenderMixin, ActorPage):
    """What the second officer reads before publishing: everything, the check list, what changed since last time."""

    template_name = "procurement/tender_review.html"

    def prepare(self, pk: int, **kwargs: Any) -> None:
        super().prepare(pk)
        self.tender = with_pages(Tender.objects.filter(pk=pk)).select_related(*RELATED).get()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tender, content = self.tender, content_of(self.tender)
        submissions = list(tender.submissions.select_related("submitted_by").order_by("-pk")[:2])
        earlier = submissions[1].content if len(submissions) > 1 else None
        checks = checks_of(tender, issued_on=clock.today())
        return super().get_context_data(
            **kwargs,
            tender=tender,
            pages=[
                {"step": step, "rows": content[step.key], "decisions": checks[step.key]}
                for step in STEPS
                if step.key in content
            ],
            changes=[
                {"step": BY_KEY[d.page], "difference": d, "pieces": marked(d.before, d.after)}
                for d in (differences(earlier, content) if earlier else [])
            ],
            has_earlier=earlier is not None,
            listed=_against_list(tender),
            reasons=list(tender.reasons.all()),
            decide=can_decide_tender(self.actor, tender),
            is_waiting=tender.status == TenderStatus.SUBMITTED,
            return_form=ReturnForm(),
        )


def _against_list(tender: Tender) -> list[dict[str, Any]]:
    """The listed item beside the tender: amounts and names that drifted apart catch the eye."""
    item = tender.item
    pairs = (
        (gettext_lazy("Name"), item.name, tender.title),
        (gettext_lazy("Budget (yuan)"), f"{item.amount:,.2f}", f"{tender.budget_amount or 0:,.2f}"),
        (gettext_lazy("Outline of the needs"), item.outline, tender.needs),
    )
    return [{"label": label, "listed": old, "here": new, "same": old == new} for label, old, new in pairs]


class PreviewView(TenderMixin, ActorPage):
    """The documents as PDF before anything is public: the same template, without a number."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = render_pdf(
            "documents/tender_documents.html",
            documents_context(self.tender),
            identifier=f"preview/{self.tender.pk}/{self.tender.version}",
        )
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="preview.pdf"'
        return response


class BeginView(ActionView):
    """A draft from a listed item."""

    def prepare(self, item: int, **kwargs: Any) -> None:
        self.item = or_404(lambda: ListedItem.objects.visible_to(self.actor).get(pk=item))

    def allowed(self) -> Decision:
        return can_plan(self.actor)

    def perform(self) -> Any:
        return draft.create_tender(actor=self.actor, item_id=self.item.pk)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("planning:list-detail", args=[self.item.purchase_list_id])
        return reverse("procurement:tender-edit", args=[self.result.pk, "needs"])


class SubmitView(TenderMixin, ActionView):
    success_message = gettext_lazy("Submitted. An approver checks and publishes it.")

    def perform(self) -> Any:
        return tenders.submit_tender(actor=self.actor, tender_id=self.tender.pk)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("procurement:tender-edit", args=[self.tender.pk, "check"])
        return super().get_success_url()


class ReturnView(TenderMixin, ActionView):
    success_message = gettext_lazy("Returned to the officer.")

    def perform(self) -> Any:
        return tenders.return_tender(
            actor=self.actor, tender_id=self.tender.pk, reason=self.request.POST.get("reason", "")
        )


class DiscardView(TenderMixin, ServiceFormView):
    """Asks why, and says what becomes of the draft, before it goes."""

    template_name = "procurement/tender_discard.html"
    form_class = DiscardForm
    success_message = gettext_lazy("The draft is discarded. It stays in the record and can be taken up again.")

    def allowed(self) -> Decision:
        return can_prepare_tender(self.actor, self.tender)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.tender.status != TenderStatus.DRAFT:
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.tender.version}

    def perform(self, form: Any) -> Any:
        try:
            return tenders.discard_tender(actor=self.actor, tender_id=self.tender.pk, **form.cleaned_data)
        except StaleVersion as stale:
            form.data = form.data.copy()
            form.data["version"] = stale.current.version  # type: ignore[attr-defined]  # sending again is a decision
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = self.tender.steps.select_related("saved_by").order_by("-version")
        return super().get_context_data(**kwargs, tender=self.tender, last=steps.first())


class RestoreView(TenderMixin, ActionView):
    success_message = gettext_lazy("The draft is taken up again. Check the dates: they are counted from today.")

    def perform(self) -> Any:
        return tenders.restore_tender(actor=self.actor, tender_id=self.tender.pk)


class PublishView(TenderMixin, ActionView):
    success_message = gettext_lazy("Published. The lots are open for bids.")

    def perform(self) -> Any:
        return tenders.publish_tender(actor=self.actor, tender_id=self.tender.pk)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("procurement:tender-review", args=[self.tender.pk])
        return super().get_success_url()


class RetenderView(ActionView):
    """A void lot again."""

    success_message = gettext_lazy("A new draft with everything copied; the dates are counted anew.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Lot.objects.filter(tender__in=Tender.objects.visible_to(self.actor))
        self.lot = or_404(lambda: rows.filter(status__in=[LotStatus.VOID, LotStatus.TERMINATED]).get(pk=pk))

    def perform(self) -> Any:
        return retender.retender_lot(actor=self.actor, lot_id=self.lot.pk)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("procurement:tender-detail", args=[self.lot.tender_id])
        return reverse("procurement:tender-edit", args=[self.result.pk, "needs"])
