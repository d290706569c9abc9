"""Evaluations: list, assignment, indicators, scores, answer, final report."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core.exceptions import StaleVersion
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorPage

from ..forms.common import ListFilter
from ..forms.evaluation import AnswerForm, AssignForm, FindingsForm, IndicatorFormSet, ScoreFormSet, VersionForm
from ..models import Evaluation, EvaluationStatus
from ..notices import plain
from ..permissions import can_answer_evaluation, can_assign_evaluation, can_edit_indicators, can_evaluate
from ..presentation import evaluation_steps
from ..rules.evaluation import Indicator
from ..selectors import scale_of, work_to_evaluate
from ..services import evaluation as services
from ..tasks import evaluation_task
from .common import AskView, ContractMixin, EvaluationMixin, PartsView, page_of


class EvaluationListView(ActorPage):
    template_name = "contracts/evaluation_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = ListFilter(self.request.GET or None, states=EvaluationStatus.choices)
        chosen = filters.chosen
        rows = Evaluation.objects.visible_to(self.actor).select_related("contract__supplier", "evaluator")
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["q"]:
            rows = rows.filter(
                Q(contract__title__icontains=chosen["q"])
                | Q(contract__number__icontains=chosen["q"])
                | Q(evaluator__name__icontains=chosen["q"])
                | Q(contract__supplier__name__icontains=chosen["q"])
            )
        return super().get_context_data(form=filters, page=page_of(self.request, rows), **kwargs)


class EvaluationAssignView(ContractMixin, AskView):
    form_class = AssignForm
    title = gettext_lazy("Assign a third-party evaluation")
    text = gettext_lazy("The evaluator must be independent of both sides; the registers are compared at once.")
    submit = gettext_lazy("Assign")
    rule_id = "R-PERF-03"
    success_message = gettext_lazy("Assigned. The evaluator is asked for the declaration first.")

    def allowed(self) -> Any:
        return can_assign_evaluation(self.actor, self.contract)

    def perform(self, form: Any) -> Evaluation:
        data = form.cleaned_data
        return services.assign_evaluation(
            actor=self.actor,
            contract_id=self.contract.pk,
            evaluator_id=data["evaluator"].pk,
            form=data["form"],
            independence_note=data["independence_note"],
        )

    def get_success_url(self) -> str:
        made: Evaluation | None = getattr(self, "result", None)
        if made:
            return reverse("contracts:evaluation-detail", args=[made.pk])
        return reverse("contracts:contract-detail", args=[self.contract.pk])


class EvaluationView(EvaluationMixin, ActorPage):
    template_name = "contracts/evaluation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        evaluation, actor, status = self.evaluation, self.actor, self.evaluation.status
        may_evaluate = bool(can_evaluate(actor, evaluation))
        sees_scores = may_evaluate or evaluation.drafted_at is not None
        working = status in (EvaluationStatus.DECLARED, EvaluationStatus.ANSWERED)
        task = evaluation_task(actor, evaluation)
        return super().get_context_data(
            steps=evaluation_steps(evaluation),
            indicators=list(evaluation.indicators.all()),
            sees_scores=sees_scores,
            task=task,
            due_url=task.url if task and task.url != self.request.path else "",
            checks=services.check_draft(evaluation) if may_evaluate and working else [],
            draft=latest_document("evaluation_draft", evaluation) if evaluation.drafted_at else None,
            report=latest_document("evaluation_report", evaluation) if evaluation.final_at else None,
            may={
                "indicators": status == EvaluationStatus.ASSIGNED and bool(can_edit_indicators(actor, evaluation)),
                "declare": status == EvaluationStatus.ASSIGNED and may_evaluate,
                "decline": status in (EvaluationStatus.ASSIGNED, EvaluationStatus.DECLARED) and may_evaluate,
                "score": working and may_evaluate,
                "hand_over": status == EvaluationStatus.DECLARED and may_evaluate,
                "answer": status == EvaluationStatus.DRAFTED and bool(can_answer_evaluation(actor, evaluation)),
                "finalize": status in (EvaluationStatus.DRAFTED, EvaluationStatus.ANSWERED) and may_evaluate,
            },
            **kwargs,
        )


class IndicatorsView(EvaluationMixin, PartsView):
    template_name = "contracts/evaluation_indicators.html"

    def allowed(self) -> Any:
        return can_edit_indicators(self.actor, self.evaluation)

    def parts(self, data: Any = None, files: Any = None) -> dict[str, Any]:
        rows = [{"name": row.name, "weight": plain(row.weight)} for row in self.evaluation.indicators.all()]
        return {
            "form": VersionForm(data, initial={"version": self.evaluation.version}),
            "rows": IndicatorFormSet(data, initial=rows, prefix="i"),
        }

    def perform(self, parts: dict[str, Any]) -> HttpResponse:
        rows = [row.cleaned_data for row in parts["rows"].forms if row.cleaned_data.get("name")]
        services.save_indicators(
            actor=self.actor,
            evaluation_id=self.evaluation.pk,
            version=parts["form"].cleaned_data["version"],
            indicators=tuple(Indicator(row["name"], row["weight"]) for row in rows),
        )
        return self.done(_("The indicators are saved."), detail_url(self.evaluation))


class ScoreView(EvaluationMixin, PartsView):
    """One screen: each indicator with its points and evidence, the findings, the sentence for the public."""

    template_name = "contracts/evaluation_score.html"

    def allowed(self) -> Any:
        return can_evaluate(self.actor, self.evaluation)

    def parts(self, data: Any = None, files: Any = None) -> dict[str, Any]:
        rows = [
            {"score": None if row.score is None else plain(row.score), "evidence": row.evidence}
            for row in self.evaluation.indicators.all()
        ]
        with_reply = self.evaluation.status == EvaluationStatus.ANSWERED
        initial = FindingsForm.initial_of(self.evaluation)
        return {
            "form": FindingsForm(data, initial=initial, with_reply=with_reply),
            "rows": ScoreFormSet(data, initial=rows, prefix="i"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        indicators = list(self.evaluation.indicators.all())
        return super().get_context_data(
            pairs=list(zip(kwargs["rows"].forms, indicators, strict=False)),
            work=work_to_evaluate(self.evaluation.contract),
            scale=scale_of(self.evaluation.contract) if self.evaluation.contract.is_grant else [],
            **kwargs,
        )

    def perform(self, parts: dict[str, Any]) -> HttpResponse:
        form = parts["form"]
        data = services.DraftInput(
            scores=tuple(
                services.ScoreInput(row.cleaned_data.get("score"), row.cleaned_data.get("evidence", ""))
                for row in parts["rows"].forms
            ),
            findings=form.cleaned_data["findings"],
            reason_sentence=form.cleaned_data["reason_sentence"],
            is_misused=form.cleaned_data["is_misused"],
            reply_to_answer=form.cleaned_data.get("reply_to_answer", ""),
        )
        saved = services.save_scores(
            actor=self.actor, evaluation_id=self.evaluation.pk, version=form.cleaned_data["version"], data=data
        )
        if self.request.POST.get("action") == "autosave":
            return JsonResponse({"version": saved.version, "text": _("Saved.")})
        return self.done(_("Saved."), detail_url(self.evaluation))

    def again(self, parts: dict[str, Any], status: int = 422, **context: Any) -> HttpResponse:
        if self.request.POST.get("action") == "autosave":
            return JsonResponse({"text": _("Not saved: look at the marked fields.")}, status=status)
        return super().again(parts, status, **context)

    def stale(self, parts: dict[str, Any], error: StaleVersion) -> HttpResponse:
        if self.request.POST.get("action") == "autosave":
            return JsonResponse({"text": _("Saved elsewhere meanwhile: save by hand to see both.")}, status=409)
        return super().stale(parts, error)


def detail_url(evaluation: Evaluation) -> str:
    return reverse("contracts:evaluation-detail", args=[evaluation.pk])


class EvaluationActionView(EvaluationMixin, ActionView):
    service: Any = None

    def perform(self) -> Evaluation:
        return type(self).service(actor=self.actor, evaluation_id=self.evaluation.pk)

    def get_success_url(self) -> str:
        return detail_url(self.evaluation)


class DeclareView(EvaluationActionView):
    service = staticmethod(services.declare_no_conflict)
    success_message = gettext_lazy("Declared. You can score the indicators now.")


class HandOverView(EvaluationActionView):
    service = staticmethod(services.hand_over_draft)
    success_message = gettext_lazy("The draft is with the organization, which may answer within five working days.")


class FinalizeView(EvaluationActionView):
    service = staticmethod(services.finalize_evaluation)
    success_message = gettext_lazy("The evaluation is final and public; the face has been computed anew.")


class EvaluationAskView(EvaluationMixin, AskView):
    def get_success_url(self) -> str:
        return detail_url(self.evaluation)


class DeclineView(EvaluationAskView):
    title = gettext_lazy("Decline the evaluation")
    text = gettext_lazy("The buyer assigns somebody else.")
    submit = gettext_lazy("Decline")
    label = gettext_lazy("The conflict of interest, or another reason")
    rule_id = "R-PERF-03"
    success_message = gettext_lazy("Declined. The buyer is told.")

    def allowed(self) -> Any:
        return can_evaluate(self.actor, self.evaluation)

    def perform(self, form: Any) -> Evaluation:
        return services.decline_evaluation(
            actor=self.actor, evaluation_id=self.evaluation.pk, reason=form.cleaned_data["reason"]
        )


class AnswerView(EvaluationAskView):
    form_class = AnswerForm
    title = gettext_lazy("Answer the evaluation's draft")
    submit = gettext_lazy("Hand in the answer")
    rule_id = "R-PERF-03"
    success_message = gettext_lazy("Your answer is with the evaluator.")

    def allowed(self) -> Any:
        return can_answer_evaluation(self.actor, self.evaluation)

    def perform(self, form: Any) -> Evaluation:
        return services.answer_evaluation(
            actor=self.actor, evaluation_id=self.evaluation.pk, answer=form.cleaned_data["answer"]
        )
