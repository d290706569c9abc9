"""Calls in the workspace: the list, one call's page, the second officer's decision, briefings, questions, papers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext_lazy

from marketplace.core.decisions import Decision
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.call import BriefingForm, ReturnForm
from ..forms.papers import AnswerForm, CallFilter, CancelForm, CorrectionForm, TerminationForm
from ..models import Assessment, Briefing, Call, CallPaper, CallPaperStatus, CallQuestion, CallStatus, PaperKind
from ..permissions.application import can_view_applications
from ..permissions.call import (
    can_begin_call,
    can_confirm_call,
    can_decide_call,
    can_decide_paper,
    can_prepare_call,
    can_return_call,
    can_view_calls,
)
from ..selectors.call import checks_of, unconfirmed, with_pages
from ..selectors.content import content_of
from ..selectors.pages import briefings_of, calls_for, phase_of, progress_of, seats_of, timeline_of, work_row
from ..selectors.papers import passages
from ..services import briefings, call as calls, draft, papers, questions
from ..wizard import STEPS

PAGE_SIZE = 30
RELATED = ("lead", "snapshot", "submitted_by")


class CallListView(ActorPage):
    """Every call that the actor may see, with what comes next and until when."""

    template_name = "ventures/call_list.html"

    def allowed(self) -> Decision:
        return can_view_calls(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = CallFilter(self.request.GET or None)
        form.is_valid()
        found = calls_for(self.actor, getattr(form, "cleaned_data", {}))
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            form=form,
            page=page,
            rows=[work_row(call) for call in page.object_list],
            count=page.paginator.count,
            may_begin=can_begin_call(self.actor).allowed,
        )


class BeginView(ActionView):
    """A new draft."""

    def allowed(self) -> Decision:
        return can_begin_call(self.actor)

    def perform(self) -> Any:
        return draft.create_call(actor=self.actor)

    def get_success_url(self) -> str:
        return reverse("ventures:call-edit", args=[self.result.pk, "aims"])


class CallMixin:
    """Looks a call up among those the actor may see; a stranger's is «not found»."""

    call: Call

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Call.objects.visible_to(self.actor).select_related(*RELATED)  # type: ignore[attr-defined]
        self.call = or_404(lambda: rows.get(pk=pk))

    def get_success_url(self) -> str:
        return reverse("ventures:call-detail", args=[self.call.pk])


class CallDetailView(CallMixin, ActorPage):
    """One call: its state as a line of steps, what is due, money, questions, briefings, papers, who did what."""

    template_name = "ventures/call_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.call
        funders = list(call.funders.select_related("body", "confirmed_by"))
        pots = list(call.pots.select_related("budget_line__fund__body", "theme"))
        may_prepare = can_prepare_call(self.actor, call).allowed
        return super().get_context_data(
            **kwargs,
            call=call,
            phase=phase_of(call),
            steps=progress_of(call),
            pots=pots,
            total=sum((pot.amount for pot in pots), 0),
            funders=funders,
            may_prepare=may_prepare,
            may_confirm=can_confirm_call(self.actor, call).allowed and call.status == CallStatus.SUBMITTED,
            decide=can_decide_call(self.actor, call),
            is_draft=call.status == CallStatus.DRAFT,
            is_waiting=call.status == CallStatus.SUBMITTED,
            is_public=bool(call.number),
            is_open=call.status == CallStatus.PUBLISHED,
            may_end=may_prepare and call.status in (CallStatus.PUBLISHED, CallStatus.CLOSED),
            questions=list(call.questions.order_by("answered_at", "pk")),
            briefings=briefings_of(call),
            seats=seats_of(call),
            papers=list(call.papers.exclude(status=CallPaperStatus.WITHDRAWN).select_related("snapshot")),
            timeline=timeline_of(call),
            may_read_applications=can_view_applications(self.actor, call),
            assessment=Assessment.objects.filter(call=call).first(),
        )


class ReviewView(CallMixin, ActorPage):
    """What the second officer and the joint funders read: everything, with the check list."""

    template_name = "ventures/call_review.html"

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Call.objects.visible_to(self.actor).select_related(*RELATED)
        self.call = or_404(lambda: with_pages(rows).get(pk=pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, content = self.call, content_of(self.call)
        checks = checks_of(call) if not call.number else {}
        return super().get_context_data(
            **kwargs,
            call=call,
            pages=[
                {"step": step, "rows": content[step.key], "decisions": checks.get(step.key, [])}
                for step in STEPS
                if step.key in content
            ],
            decide=can_decide_call(self.actor, call),
            may_confirm=can_confirm_call(self.actor, call).allowed,
            may_return=can_return_call(self.actor, call).allowed,
            has_confirmed=any(row.body_id == self.actor.body_id and row.confirmed_at for row in call.funders.all()),
            unconfirmed=unconfirmed(call),
            is_waiting=call.status == CallStatus.SUBMITTED,
            return_form=ReturnForm(),
        )


class SubmitView(CallMixin, ActionView):
    success_message = gettext_lazy("Submitted. An approver checks and publishes it.")

    def perform(self) -> Any:
        return calls.submit_call(actor=self.actor, call_id=self.call.pk)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("ventures:call-check", args=[self.call.pk])
        return super().get_success_url()


class DecisionView(CallMixin, ActionView):
    """Back to the page where one decides when it was refused."""

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("ventures:call-review", args=[self.call.pk])
        return super().get_success_url()


class ConfirmView(DecisionView):
    success_message = gettext_lazy("Confirmed. The lead can publish the call when every funder has.")

    def perform(self) -> Any:
        return calls.confirm_call(actor=self.actor, call_id=self.call.pk)


class ReturnView(DecisionView):
    success_message = gettext_lazy("Returned to the officer.")

    def perform(self) -> Any:
        reason = self.request.POST.get("reason", "")
        return calls.return_call(actor=self.actor, call_id=self.call.pk, reason=reason)


class PublishView(DecisionView):
    success_message = gettext_lazy("Published. Applications are taken from the published moment.")

    def perform(self) -> Any:
        return calls.publish_call(actor=self.actor, call_id=self.call.pk)


# Questions and briefings


class AnswerView(ServiceFormView):
    template_name = "ventures/question_answer.html"
    form_class = AnswerForm
    success_message = gettext_lazy("Answered for everybody; who asked is told.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = CallQuestion.objects.filter(call__in=Call.objects.visible_to(self.actor))
        self.question = or_404(lambda: rows.select_related("call", "body").get(pk=pk))

    def allowed(self) -> Decision:
        return can_prepare_call(self.actor, self.question.call)

    def get_initial(self) -> dict[str, Any]:
        return {"public_text": questions.nameless(self.question.text, self.question.body)}

    def perform(self, form: Any) -> Any:
        return questions.answer_question(actor=self.actor, question_id=self.question.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, question=self.question, call=self.question.call)

    def get_success_url(self) -> str:
        return reverse("ventures:call-detail", args=[self.question.call_id]) + "#questions"


class AddBriefingView(CallMixin, ServiceFormView):
    template_name = "ventures/briefing_form.html"
    form_class = BriefingForm
    success_message = gettext_lazy("Added; whoever asked or signed up is told.")

    def allowed(self) -> Decision:
        return can_prepare_call(self.actor, self.call)

    def perform(self, form: Any) -> Any:
        briefing = briefings.BriefingInput(**form.cleaned_data)
        return briefings.add_briefing(actor=self.actor, call_id=self.call.pk, briefing=briefing)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, call=self.call)


class CancelBriefingView(ServiceFormView):
    template_name = "ventures/briefing_form.html"
    form_class = CancelForm
    success_message = gettext_lazy("Cancelled; whoever signed up is told.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Briefing.objects.filter(call__in=Call.objects.visible_to(self.actor)).select_related("call")
        self.briefing = or_404(lambda: rows.get(pk=pk))

    def allowed(self) -> Decision:
        return can_prepare_call(self.actor, self.briefing.call)

    def perform(self, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return briefings.cancel_briefing(actor=self.actor, briefing_id=self.briefing.pk, reason=reason)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, call=self.briefing.call, briefing=self.briefing)

    def get_success_url(self) -> str:
        return reverse("ventures:call-detail", args=[self.briefing.call_id])


# Corrections and the termination


class CorrectionFormView(CallMixin, ServiceFormView):
    """A new correction, or a returned one anew."""

    template_name = "ventures/correction_form.html"
    form_class = CorrectionForm
    success_message = gettext_lazy("The correction waits for the second officer.")
    paper: CallPaper | None = None

    def prepare(self, pk: int, paper: int | None = None, **kwargs: Any) -> None:
        super().prepare(pk)
        if paper is not None:
            returned = self.call.papers.filter(kind=PaperKind.CORRECTION, status=CallPaperStatus.RETURNED)
            self.paper = or_404(lambda: returned.get(pk=paper))

    def allowed(self) -> Decision:
        return can_prepare_call(self.actor, self.call)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "passages": passages(self.call)}

    def get_initial(self) -> dict[str, Any]:
        row = self.paper
        if row is None:
            return {}
        texts = {change.target: change.after for change in row.changes.all()}
        names = ("subject", "reason", "new_deadline", "version")
        return {**{name: getattr(row, name) for name in names}, **texts}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        values = papers.CorrectionInput(
            subject=data["subject"], reason=data["reason"], changes=form.changes(), new_deadline=data["new_deadline"]
        )
        if self.paper is None:
            return papers.draft_correction(actor=self.actor, call_id=self.call.pk, correction=values)
        return papers.revise_correction(
            actor=self.actor, paper_id=self.paper.pk, version=data["version"] or 0, correction=values
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, call=self.call, paper=self.paper)

    def get_success_url(self) -> str:
        return reverse("ventures:paper-detail", args=[self.result.pk])


class TerminationFormView(CallMixin, ServiceFormView):
    template_name = "ventures/termination_form.html"
    form_class = TerminationForm
    success_message = gettext_lazy("The termination waits for the second officer.")

    def allowed(self) -> Decision:
        return can_prepare_call(self.actor, self.call)

    def get_initial(self) -> dict[str, Any]:
        row = self.call.papers.filter(kind=PaperKind.TERMINATION, status=CallPaperStatus.RETURNED).first()
        return {"reason": row.reason} if row else {}

    def perform(self, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return papers.draft_termination(actor=self.actor, call_id=self.call.pk, reason=reason)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, call=self.call)

    def get_success_url(self) -> str:
        return reverse("ventures:paper-detail", args=[self.result.pk])


class PaperMixin:
    """Looks a correction or a termination up among the actor's calls."""

    paper: CallPaper

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = CallPaper.objects.filter(call__in=Call.objects.visible_to(self.actor))  # type: ignore[attr-defined]
        self.paper = or_404(lambda: rows.select_related("call__lead", "drafted_by", "snapshot").get(pk=pk))

    def get_success_url(self) -> str:
        return reverse("ventures:paper-detail", args=[self.paper.pk])


class PaperDetailView(PaperMixin, ActorPage):
    template_name = "ventures/paper_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paper = self.paper
        is_correction = paper.kind == PaperKind.CORRECTION
        again = (
            reverse("ventures:correction-change", args=[paper.call_id, paper.pk])
            if is_correction
            else reverse("ventures:termination-add", args=[paper.call_id])
        )
        return super().get_context_data(
            **kwargs,
            paper=paper,
            call=paper.call,
            is_correction=is_correction,
            changes=list(paper.changes.all()),
            decide=can_decide_paper(self.actor, paper),
            may_draft=can_prepare_call(self.actor, paper.call).allowed,
            is_waiting=paper.status == CallPaperStatus.SUBMITTED,
            is_returned=paper.status == CallPaperStatus.RETURNED,
            return_form=ReturnForm(),
            revise_url=again,
        )


class PublishPaperView(PaperMixin, ActionView):
    success_message = gettext_lazy("Published; whoever asked, signed up or applied is told.")

    def perform(self) -> Any:
        return papers.publish_paper(actor=self.actor, paper_id=self.paper.pk)


class ReturnPaperView(PaperMixin, ActionView):
    success_message = gettext_lazy("Returned to the officer.")

    def perform(self) -> Any:
        reason = self.request.POST.get("reason", "")
        return papers.return_paper(actor=self.actor, paper_id=self.paper.pk, reason=reason)


class WithdrawPaperView(PaperMixin, ActionView):
    success_message = gettext_lazy("Withdrawn.")

    def perform(self) -> Any:
        return papers.withdraw_paper(actor=self.actor, paper_id=self.paper.pk)
