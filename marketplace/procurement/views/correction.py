"""Corrections and terminations in the workspace: draft, check, return, publish."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import StaleVersion
from marketplace.core.workcalendar import calendar
from marketplace.documents.services import store_upload
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.question import CorrectionForm, TerminationForm
from ..forms.tender import ReturnForm
from ..models import Correction, PaperStatus, Tender, Termination
from ..notices import date_changes, termination_notice
from ..permissions.correction import can_decide_paper, can_draft_paper
from ..rules.timetable import safe_deadline_day
from ..selectors.content import marked
from ..selectors.correction import correction_texts, passages, replaced_attachment, termination_texts
from ..selectors.tender import rules_of
from ..services import correction as corrections, termination as terminations
from .tender import TenderMixin
from .wizard import UPLOADS


class CorrectionFormView(TenderMixin, ServiceFormView):
    """A new correction, or a returned one anew."""

    template_name = "procurement/correction_form.html"
    form_class = CorrectionForm
    success_message = gettext_lazy("The correction waits for the second officer.")
    correction: Correction | None = None
    theirs: Correction | None = None

    def prepare(self, pk: int, correction: int | None = None, **kwargs: Any) -> None:
        super().prepare(pk)
        if correction is not None:
            rows = self.tender.corrections.exclude(status=PaperStatus.WITHDRAWN)
            self.correction = or_404(lambda: rows.get(pk=correction))

    def allowed(self) -> Decision:
        return can_draft_paper(self.actor, self.tender)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only a returned one is written anew; what is posted to another is answered with the reason, text kept."""
        if self.correction is not None and self.correction.status != PaperStatus.RETURNED:
            return HttpResponseRedirect(reverse("procurement:correction-detail", args=[self.correction.pk]))
        return super().get(request, *args, **kwargs)

    @property
    def is_extension(self) -> bool:
        return "extension" in self.request.GET

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "passages": {} if self.is_extension else passages(self.tender)}

    def get_initial(self) -> dict[str, Any]:
        row = self.correction
        if row is None:
            return {"subject": "延长招标文件获取时间"} if self.is_extension else {}
        names = ("subject", "new_deadline", "new_documents_until", "short_notice_reason", "version")
        texts = {change.target: change.after for change in row.changes.all()}
        return {
            **{name: getattr(row, name) for name in names},
            "affects_bids": "1" if row.affects_bids else "",
            **texts,
        }

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        upload = data["file"]
        values = corrections.CorrectionInput(
            subject=data["subject"],
            changes=form.changes(),
            affects_bids=data["affects_bids"],
            new_deadline=data["new_deadline"],
            new_documents_until=data["new_documents_until"],
            short_notice_reason=data["short_notice_reason"],
            file=store_upload(upload, actor=self.actor, kinds=UPLOADS) if upload else None,
            is_extension=self.is_extension,
        )
        if self.correction is None:
            return corrections.draft_correction(actor=self.actor, tender_id=self.tender.pk, correction=values)
        try:
            return corrections.revise_correction(
                actor=self.actor, correction_id=self.correction.pk, version=data["version"] or 0, correction=values
            )
        except StaleVersion as stale:
            self.theirs = stale.current  # type: ignore[assignment]
            form.data = form.data.copy()
            form.data["version"] = stale.current.version  # type: ignore[attr-defined]  # sending again is a decision
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        safe = safe_deadline_day(today, rules_of(self.tender, today), calendar())
        return super().get_context_data(
            **kwargs,
            tender=self.tender,
            safe=safe,
            is_extension=self.is_extension,
            correction=self.correction,
            theirs=correction_texts(self.theirs) if self.theirs else None,
        )

    def get_success_url(self) -> str:
        return reverse("procurement:correction-detail", args=[self.result.pk])


class PaperMixin:
    """Looks a correction or a termination up among the actor's tenders."""

    model: type[Correction] | type[Termination]
    noun: str

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = self.model.objects.filter(tender__in=Tender.objects.visible_to(self.actor)).select_related(  # type: ignore[attr-defined]
            "tender__buyer", "tender__agency", "tender__snapshot", "drafted_by", "snapshot"
        )
        self.paper = or_404(lambda: rows.get(pk=pk))

    def get_success_url(self) -> str:
        return reverse(f"procurement:{self.noun}-detail", args=[self.paper.pk])

    def paper_context(self) -> dict[str, Any]:
        return {
            "paper": self.paper,
            "tender": self.paper.tender,
            "decide": can_decide_paper(self.actor, self.paper),  # type: ignore[attr-defined]
            "may_draft": can_draft_paper(self.actor, self.paper.tender).allowed,  # type: ignore[attr-defined]
            "is_waiting": self.paper.status == PaperStatus.SUBMITTED,
            "is_returned": self.paper.status == PaperStatus.RETURNED,
            "return_form": ReturnForm(),
        }

    @property
    def reason(self) -> str:
        return str(self.request.POST.get("reason", ""))  # type: ignore[attr-defined]


class CorrectionMixin(PaperMixin):
    model, noun = Correction, "correction"


class CorrectionDetailView(CorrectionMixin, ActorPage):
    template_name = "procurement/correction_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [(row, marked(row.before, row.after)) for row in self.paper.changes.all()]
        return super().get_context_data(
            **kwargs,
            **self.paper_context(),
            changes=rows,
            dates=date_changes(self.paper),
            replaced=replaced_attachment(self.paper),
        )


class PublishCorrectionView(CorrectionMixin, ActionView):
    success_message = gettext_lazy("Published; all who took the documents are told.")

    def perform(self) -> Any:
        return corrections.publish_correction(actor=self.actor, correction_id=self.paper.pk)


class ReturnCorrectionView(CorrectionMixin, ActionView):
    success_message = gettext_lazy("Returned to the officer.")

    def perform(self) -> Any:
        return corrections.return_correction(actor=self.actor, correction_id=self.paper.pk, reason=self.reason)


class WithdrawCorrectionView(CorrectionMixin, ActionView):
    success_message = gettext_lazy("Withdrawn.")

    def perform(self) -> Any:
        return corrections.withdraw_correction(actor=self.actor, correction_id=self.paper.pk)


class TerminationFormView(TenderMixin, ServiceFormView):
    template_name = "procurement/termination_form.html"
    form_class = TerminationForm
    success_message = gettext_lazy("The termination waits for the second officer.")
    theirs: Termination | None = None

    def allowed(self) -> Decision:
        return can_draft_paper(self.actor, self.tender)

    def get_initial(self) -> dict[str, Any]:
        row = self.tender.terminations.filter(status=PaperStatus.RETURNED).first()
        return {"kind": row.kind, "reason": row.reason, "version": row.version} if row else {}

    def perform(self, form: Any) -> Any:
        data = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            return terminations.draft_termination(actor=self.actor, tender_id=self.tender.pk, **data)
        except StaleVersion as stale:
            self.theirs = stale.current  # type: ignore[assignment]
            form.data = form.data.copy()
            form.data["version"] = stale.current.version  # type: ignore[attr-defined]  # sending again is a decision
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        theirs = termination_texts(self.theirs) if self.theirs else None
        return super().get_context_data(**kwargs, tender=self.tender, theirs=theirs)

    def get_success_url(self) -> str:
        return reverse("procurement:termination-detail", args=[self.result.pk])


class TerminationMixin(PaperMixin):
    model, noun = Termination, "termination"


class TerminationDetailView(TerminationMixin, ActorPage):
    template_name = "procurement/termination_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **self.paper_context(), data=termination_notice(self.paper))


class PublishTerminationView(TerminationMixin, ActionView):
    success_message = gettext_lazy("The tender is terminated; all who took the documents are told.")

    def perform(self) -> Any:
        return terminations.publish_termination(actor=self.actor, termination_id=self.paper.pk)


class ReturnTerminationView(TerminationMixin, ActionView):
    success_message = gettext_lazy("Returned to the officer.")

    def perform(self) -> Any:
        return terminations.return_termination(actor=self.actor, termination_id=self.paper.pk, reason=self.reason)


class WithdrawTerminationView(TerminationMixin, ActionView):
    success_message = gettext_lazy("Withdrawn.")

    def perform(self) -> Any:
        return terminations.withdraw_termination(actor=self.actor, termination_id=self.paper.pk)
