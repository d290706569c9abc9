"""Third-party evaluation: assignment, declaration, scores, draft, answer, final grade.

Refuses an evaluator tied to a party (R-PERF-03), points that do not sum to 100 (R-PERF-02), a final report before the
organization could answer. Announces EvaluationAssigned, -Declined, -Drafted, -Answered, -Final.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.locking import locked
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import request_document
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import EvaluationAnswered, EvaluationAssigned, EvaluationDeclined, EvaluationDrafted, EvaluationFinal
from ..independence import ties_of
from ..lifecycle import EVALUATION
from ..models import (
    Contract,
    ContractStatus,
    Evaluation,
    EvaluationIndicator,
    EvaluationStatus,
    MilestoneStatus,
)
from ..notices import evaluation_notice
from ..permissions import can_answer_evaluation, can_assign_evaluation, can_edit_indicators, can_evaluate
from ..rules import evaluation as rules
from .contract import complete_if_done

ANSWER_DAYS = 5


@dataclass(frozen=True)
class ScoreInput:
    score: Decimal | None
    evidence: str


@dataclass(frozen=True)
class DraftInput:
    scores: tuple[ScoreInput, ...]
    findings: str
    reason_sentence: str
    is_misused: bool
    reply_to_answer: str = ""


def assign_evaluation(
    *, actor: Actor, contract_id: int, evaluator_id: int, form: str, independence_note: str = ""
) -> Evaluation:
    """Give a contract with accepted work to an independent evaluator, with a form of indicators."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_assign_evaluation(actor, contract))
        _require_work(contract)
        evaluator = locked(Body, evaluator_id)
        require_reasons([rules.check_independence(ties_of(evaluator, contract))], independence_note)
        if form not in rules.FORMS:
            raise MarketplaceError(_("Choose one of the forms of indicators."), field="form")
        evaluation = Evaluation.objects.create(
            contract=contract,
            evaluator=evaluator,
            form=form,
            assigned_by_id=actor.user_id,
            assigned_at=clock.now(),
            independence_note=independence_note.strip(),
        )
        _write_indicators(evaluation, [rules.Indicator(name, Decimal(weight)) for name, weight in rules.FORMS[form]])
        log.record(
            "evaluation.assigned",
            evaluation,
            actor,
            project=contract.project_number,
            evaluator=evaluator.code,
            form=form,
            note=independence_note.strip(),
        )
        announce(EvaluationAssigned(evaluation.pk))
        return evaluation


def _require_work(contract: Contract) -> None:
    if contract.status not in (ContractStatus.ACTIVE, ContractStatus.COMPLETED):
        raise MarketplaceError(_("Only a contract in performance or completed can be evaluated."), code="wrong_state")
    if not contract.milestones.filter(status=MilestoneStatus.ACCEPTED).exists():
        raise MarketplaceError(_("There is nothing to evaluate yet: accept a milestone first."), code="wrong_state")
    open_ones = contract.evaluations.exclude(status__in=(EvaluationStatus.FINAL, EvaluationStatus.DECLINED))
    if open_ones.exists():
        raise MarketplaceError(_("An evaluation of this contract is under way already."), code="repeated")


def _write_indicators(evaluation: Evaluation, indicators: list[rules.Indicator]) -> None:
    evaluation.indicators.all().delete()
    EvaluationIndicator.objects.bulk_create(
        EvaluationIndicator(evaluation=evaluation, position=position, name=row.name.strip(), weight=row.weight)
        for position, row in enumerate(indicators, start=1)
    )


def save_indicators(
    *, actor: Actor, evaluation_id: int, version: int, indicators: tuple[rules.Indicator, ...]
) -> Evaluation:
    """Other indicators or points, before the evaluator has accepted the assignment."""
    with audit.transaction() as log:
        evaluation = locked(Evaluation, evaluation_id)
        require_permission(can_edit_indicators(actor, evaluation))
        if evaluation.status != EvaluationStatus.ASSIGNED:
            raise MarketplaceError(_("The indicators are fixed once the evaluator has accepted."), code="wrong_state")
        _expect_version(evaluation, version)
        require(rules.check_weights(indicators))
        _write_indicators(evaluation, list(indicators))
        evaluation.version += 1
        evaluation.save(update_fields=["version"])
        log.record(
            "evaluation.indicators_set",
            evaluation,
            actor,
            project=evaluation.contract.project_number,
            indicators=[f"{row.name} {row.weight}" for row in indicators],
        )
        return evaluation


def _expect_version(evaluation: Evaluation, version: int) -> None:
    if evaluation.version != version:
        raise StaleVersion(_("Somebody else saved this evaluation meanwhile."), current=evaluation)


def declare_no_conflict(*, actor: Actor, evaluation_id: int) -> Evaluation:
    """The evaluator's declaration; the registers are asked once more (R-PERF-03)."""
    with audit.transaction() as log:
        evaluation = locked(Evaluation, evaluation_id)
        require_permission(can_evaluate(actor, evaluation))
        ties = ties_of(evaluation.evaluator, evaluation.contract)
        require_reasons([rules.check_independence(ties)], evaluation.independence_note)
        EVALUATION.apply(evaluation, "declare", actor=actor)
        evaluation.declared_by_id, evaluation.declared_at = actor.user_id, clock.now()
        evaluation.save(update_fields=["declared_by", "declared_at"])
        log.record("evaluation.declared", evaluation, actor, project=evaluation.contract.project_number)
        return evaluation


def decline_evaluation(*, actor: Actor, evaluation_id: int, reason: str) -> Evaluation:
    """A conflict or another reason; the buyer assigns somebody else."""
    with audit.transaction() as log:
        evaluation = locked(Evaluation, evaluation_id)
        require_permission(can_evaluate(actor, evaluation))
        if not reason.strip():
            raise MarketplaceError(_("Write down the conflict or the reason."), field="reason")
        EVALUATION.apply(evaluation, "decline", actor=actor)
        evaluation.conflict = reason.strip()
        evaluation.save(update_fields=["conflict"])
        log.record("evaluation.declined", evaluation, actor, project=evaluation.contract.project_number)
        announce(EvaluationDeclined(evaluation.pk))
        return evaluation


def save_scores(*, actor: Actor, evaluation_id: int, version: int, data: DraftInput) -> Evaluation:
    """Scores, evidence and findings: while evaluating, and again after the answer. Saving is no entry of the log."""
    with audit.transaction():
        evaluation = locked(Evaluation, evaluation_id)
        require_permission(can_evaluate(actor, evaluation))
        if evaluation.status not in (EvaluationStatus.DECLARED, EvaluationStatus.ANSWERED):
            raise MarketplaceError(_("The scores cannot be changed now."), code="wrong_state")
        _expect_version(evaluation, version)
        indicators = list(evaluation.indicators.all())
        if len(indicators) != len(data.scores):
            raise MarketplaceError(_("The form does not fit the indicators. Load the page again."), field="indicators")
        for indicator, given in zip(indicators, data.scores, strict=True):
            indicator.score, indicator.evidence = given.score, given.evidence.strip()
        EvaluationIndicator.objects.bulk_update(indicators, ["score", "evidence"])
        evaluation.findings, evaluation.reason_sentence = data.findings.strip(), data.reason_sentence.strip()
        evaluation.is_misused, evaluation.reply_to_answer = data.is_misused, data.reply_to_answer.strip()
        evaluation.version += 1
        evaluation.save()
        return evaluation


def check_draft(evaluation: Evaluation) -> list[Any]:
    """What the report still misses, as the page's check list."""
    indicators = _indicators(evaluation)
    asked = [rules.check_weights(indicators), rules.check_scores(indicators)]
    asked += rules.check_words(evaluation.findings, evaluation.reason_sentence)
    return [decision for decision in asked if not decision.allowed]


def _indicators(evaluation: Evaluation) -> list[rules.Indicator]:
    return [rules.Indicator(row.name, row.weight, row.score, row.evidence) for row in evaluation.indicators.all()]


def hand_over_draft(*, actor: Actor, evaluation_id: int) -> Evaluation:
    """The draft goes to the organization, which has five working days to answer."""
    with audit.transaction() as log:
        evaluation = locked(Evaluation, evaluation_id)
        require_permission(can_evaluate(actor, evaluation))
        require(*check_draft(evaluation))
        EVALUATION.apply(evaluation, "draft", actor=actor)
        evaluation.drafted_at = clock.now()
        evaluation.answer_due = rules.answer_due(evaluation.drafted_at, ANSWER_DAYS, calendar())
        _grade(evaluation)
        evaluation.save(update_fields=["drafted_at", "answer_due", "total", "grade"])
        request_document("evaluation_draft", evaluation)
        log.record(
            "evaluation.drafted",
            evaluation,
            actor,
            project=evaluation.contract.project_number,
            total=evaluation.total,
        )
        announce(EvaluationDrafted(evaluation.pk))
        return evaluation


def _grade(evaluation: Evaluation) -> None:
    law = evaluation.contract.source.law
    least = {name: Decimal(law.value("R-PERF-01", name)) for name in ("excellent", "good", "fair")}  # type: ignore[arg-type]
    evaluation.total = rules.total_score(_indicators(evaluation), is_misused=evaluation.is_misused)
    evaluation.grade = rules.grade_of(evaluation.total, rules.Thresholds(**least))


def answer_evaluation(*, actor: Actor, evaluation_id: int, answer: str) -> Evaluation:
    """The organization's answer, printed in the final report."""
    with audit.transaction() as log:
        evaluation = locked(Evaluation, evaluation_id)
        require_permission(can_answer_evaluation(actor, evaluation))
        require(rules.check_answer(answer, evaluation.answer_due, clock.now()))
        EVALUATION.apply(evaluation, "answer", actor=actor)
        evaluation.answer, evaluation.answered_by_id = answer.strip(), actor.user_id
        evaluation.answered_at = clock.now()
        evaluation.save(update_fields=["answer", "answered_by", "answered_at"])
        log.record("evaluation.answered", evaluation, actor, project=evaluation.contract.project_number)
        announce(EvaluationAnswered(evaluation.pk))
        return evaluation


def finalize_evaluation(*, actor: Actor, evaluation_id: int) -> Evaluation:
    """Total, grade and report become public; the face follows by the event (R-PERF-01).

    A paid contract on lottery money is completed by it (R-LOT-07).
    """
    with audit.transaction() as log:
        evaluation = locked(Evaluation, evaluation_id)
        contract = locked(Contract, evaluation.contract_id)
        require_permission(can_evaluate(actor, evaluation))
        _require_answered(evaluation)
        require(*check_draft(evaluation))
        EVALUATION.apply(evaluation, "finalize", actor=actor)
        _grade(evaluation)
        evaluation.final_at, evaluation.final_by_id = clock.now(), actor.user_id
        evaluation.save()
        evaluation.snapshot = _publish(log, actor, evaluation)
        evaluation.save(update_fields=["snapshot"])
        request_document("evaluation_report", evaluation)
        log.record(
            "evaluation.final",
            evaluation,
            actor,
            project=evaluation.contract.project_number,
            total=evaluation.total,
            grade=evaluation.grade,
            reason=evaluation.reason_sentence,
        )
        announce(EvaluationFinal(evaluation.pk))
        complete_if_done(log=log, contract=contract)
        return evaluation


def _require_answered(evaluation: Evaluation) -> None:
    if evaluation.answer_due is not None:
        is_answered = evaluation.answered_at is not None or evaluation.final_at is not None
        require(rules.check_final(is_answered=is_answered, due=evaluation.answer_due, now=clock.now()))
        require(rules.check_reply(evaluation.answer, evaluation.reply_to_answer))


def _publish(log: Any, actor: Actor, evaluation: Evaluation) -> Any:
    notice = evaluation_notice(evaluation)
    return publish_notice(
        log=log,
        actor=actor,
        kind=NoticeKind.EVALUATION,
        title=notice.title,
        subject=evaluation,
        project_number=evaluation.contract.project_number,
        body=evaluation.evaluator,
        region=evaluation.contract.buyer.region,
        data=notice.data,
    )


def evaluators() -> Any:
    """The register of evaluators, admitted by the operator."""
    return Body.objects.filter(kind=BodyKind.EVALUATOR).exclude(admitted_at=None).order_by("name")
