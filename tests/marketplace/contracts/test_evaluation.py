"""Third-party evaluation: independence, indicators, scores, answer, grade; and the face that follows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.services.findings import FindingSubject, answer_finding, close_finding, record_finding
from marketplace.contracts.models import Evaluation, EvaluationStatus, Grade
from marketplace.contracts.rules.evaluation import Indicator
from marketplace.contracts.services import evaluation as services
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import NotAllowed, Refused, StaleVersion
from marketplace.core.schedule import run_due
from marketplace.documents.generation import latest_document
from marketplace.organizations.models import Face, FaceRecord, Organization, OrganizationKind, PersonLink
from marketplace.publication.models import NoticeSnapshot
from tests.factories.accounts import make_body, make_person
from tests.factories.contracts import (
    World,
    accepted_milestone,
    active_contract,
    assigned_evaluation,
    evaluated_contract,
    scored_evaluation,
    scores,
)

from .test_contract import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted() -> World:
    return accepted_milestone()


def key_of(world: World) -> int:
    assert world.evaluation is not None
    return world.evaluation.pk


# assignment and independence


def test_nothing_to_evaluate_before_a_milestone_is_accepted() -> None:
    world = active_contract()
    body = make_body(BodyKind.EVALUATOR)
    error = refused(
        services.assign_evaluation,
        actor=world.officer,
        contract_id=world.contract.pk,
        evaluator_id=body.pk,
        form="budget",
    )
    assert error.code == "wrong_state"


def test_assigned_with_a_form_that_sums_to_a_hundred_and_only_once(accepted: World) -> None:
    """R-PERF-02."""
    world = assigned_evaluation(accepted, form="shanghai")
    assert world.evaluation is not None
    assert [row.weight for row in world.evaluation.indicators.all()] == [25, 20, 15, 15, 15, 10]
    second = make_body(BodyKind.EVALUATOR)
    error = refused(
        services.assign_evaluation,
        actor=world.officer,
        contract_id=world.contract.pk,
        evaluator_id=second.pk,
        form="budget",
    )
    assert error.code == "repeated"


def test_only_the_buyers_officer_assigns(accepted: World) -> None:
    body = make_body(BodyKind.EVALUATOR)
    for actor in (accepted.approver, accepted.admin, make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)):
        error = refused(
            services.assign_evaluation,
            actor=actor,
            contract_id=accepted.contract.pk,
            evaluator_id=body.pk,
            form="budget",
        )
        assert isinstance(error, NotAllowed)


def assign(world: World, evaluator_id: int, note: str = "") -> dict[str, Any]:
    return {
        "actor": world.officer,
        "contract_id": world.contract.pk,
        "evaluator_id": evaluator_id,
        "form": "budget",
        "independence_note": note,
    }


def test_a_party_or_an_unknown_body_is_no_evaluator(accepted: World) -> None:
    """R-PERF-03."""
    waiting = make_body(BodyKind.EVALUATOR, admitted=False)
    for body in (accepted.supplier, accepted.awarded.buyer, waiting):
        error = refused(services.assign_evaluation, **assign(accepted, body.pk, "无关"))
        assert (error.rule_id, error.field) == ("R-PERF-03", "evaluator")


def test_who_acts_on_both_sides_makes_an_evaluator_dependent(accepted: World) -> None:
    """R-PERF-03: no written word heals it."""
    body = make_body(BodyKind.EVALUATOR)
    person = make_person(body, Role.EVALUATOR, name="双方任职者")
    shared = Membership.objects.create(
        user_id=person.user_id, body=accepted.supplier, roles=[Role.REPORTER], since=clock.now()
    )
    error = refused(services.assign_evaluation, **assign(accepted, body.pk, "无关"))
    assert "双方任职者" in str(error)
    shared.ended_at = clock.now()
    shared.save()
    assert services.assign_evaluation(**assign(accepted, body.pk)).evaluator == body


def test_a_holder_with_the_same_identity_on_both_sides(accepted: World) -> None:
    """R-PERF-03, by the hash of the identity number; the name may differ."""
    body = make_body(BodyKind.EVALUATOR)
    firm = Organization.objects.create(body=body, kind=OrganizationKind.ENTERPRISE)
    for organization, name in ((firm, "李强"), (accepted.awarded.organization, "李　强")):
        PersonLink.objects.create(organization=organization, name=name, id_hash="a" * 64, relation="holder")
    assert refused(services.assign_evaluation, **assign(accepted, body.pk, "无关")).rule_id == "R-PERF-03"


def test_the_same_name_alone_needs_a_written_word(accepted: World) -> None:
    body = make_body(BodyKind.EVALUATOR)
    make_person(body, Role.EVALUATOR, name="张伟")
    PersonLink.objects.create(organization=accepted.awarded.organization, name="张伟", relation="director")
    error = refused(services.assign_evaluation, **assign(accepted, body.pk))
    assert error.field == "independence_note"
    kept = services.assign_evaluation(**assign(accepted, body.pk, "经核对身份证号，不是同一人"))
    assert kept.independence_note == "经核对身份证号，不是同一人"


def test_an_ended_tie_is_none(accepted: World) -> None:
    body = make_body(BodyKind.EVALUATOR)
    make_person(body, Role.EVALUATOR, name="赵敏")
    PersonLink.objects.create(
        organization=accepted.awarded.organization,
        name="赵敏",
        relation="director",
        until=datetime(2026, 6, 14, tzinfo=ZONE).date(),
    )
    assert services.assign_evaluation(**assign(accepted, body.pk))


# indicators


def test_indicators_are_changed_by_the_officer_until_accepted(accepted: World) -> None:
    world = assigned_evaluation(accepted)
    rows = (Indicator("服务完成", Decimal(60)), Indicator("满意度", Decimal(40)))
    change = {"evaluation_id": key_of(world), "version": 1}
    wrong = refused(
        services.save_indicators, actor=world.officer, indicators=(Indicator("服务", Decimal(99)),), **change
    )
    assert wrong.rule_id == "R-PERF-02"
    assert isinstance(refused(services.save_indicators, actor=world.evaluator, indicators=rows, **change), NotAllowed)
    services.save_indicators(actor=world.officer, indicators=rows, **change)
    assert [row.name for row in Evaluation.objects.get().indicators.all()] == ["服务完成", "满意度"]
    with pytest.raises(StaleVersion):
        services.save_indicators(actor=world.officer, indicators=rows, **change)
    services.declare_no_conflict(actor=world.evaluator, evaluation_id=key_of(world))
    late = refused(
        services.save_indicators, actor=world.officer, indicators=rows, evaluation_id=key_of(world), version=2
    )
    assert late.code == "wrong_state"


# declaration


def test_no_scores_before_the_declaration(accepted: World) -> None:
    """R-PERF-03."""
    world = assigned_evaluation(accepted)
    assert world.evaluation is not None
    data = services.DraftInput(scores(world.evaluation), "x" * 50, "y", False)
    error = refused(services.save_scores, actor=world.evaluator, evaluation_id=key_of(world), version=1, data=data)
    assert error.code == "wrong_state"


def test_declined_with_a_reason_another_is_assigned(accepted: World) -> None:
    world = assigned_evaluation(accepted)
    key = key_of(world)
    assert refused(services.decline_evaluation, actor=world.evaluator, evaluation_id=key, reason=" ").field == "reason"
    services.decline_evaluation(actor=world.evaluator, evaluation_id=key, reason="曾为该机构提供咨询")
    assert Evaluation.objects.get(pk=key).status == EvaluationStatus.DECLINED
    assert not Evaluation.objects.of_evaluator(world.evaluator.body_id).exists()
    assert assigned_evaluation(world).evaluation is not None


# scores, draft, answer


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"findings": "太短"}, "findings"),
        ({"reason_sentence": " "}, "reason_sentence"),
    ],
)
def test_an_incomplete_draft_stays_with_the_evaluator(accepted: World, changes: dict[str, Any], field: str) -> None:
    world = scored_evaluation(accepted, **changes)
    error = refused(services.hand_over_draft, actor=world.evaluator, evaluation_id=key_of(world))
    assert error.field == field
    assert Evaluation.objects.get().status == EvaluationStatus.DECLARED


def test_a_score_above_its_points_is_named(accepted: World) -> None:
    world = scored_evaluation(accepted)
    assert world.evaluation is not None
    rows = list(scores(world.evaluation))
    rows[0] = services.ScoreInput(Decimal("10.01"), "依据")
    data = services.DraftInput(tuple(rows), world.evaluation.findings, "句", False)
    services.save_scores(
        actor=world.evaluator, evaluation_id=key_of(world), version=world.evaluation.version, data=data
    )
    error = refused(services.hand_over_draft, actor=world.evaluator, evaluation_id=key_of(world))
    assert error.rule_id == "R-PERF-02"


def test_the_draft_gives_five_working_days_and_is_seen_by_the_organization(accepted: World) -> None:
    world = scored_evaluation(accepted)
    assert not Evaluation.objects.visible_to(world.admin).exists()
    drafted = services.hand_over_draft(actor=world.evaluator, evaluation_id=key_of(world))
    assert drafted.answer_due == datetime(2026, 6, 23, 23, 59, 59, tzinfo=ZONE)
    assert (drafted.total, drafted.grade) == (Decimal("92.40"), Grade.EXCELLENT)
    assert Evaluation.objects.visible_to(world.admin).exists()
    assert latest_document("evaluation_draft", drafted) is not None
    early = refused(services.finalize_evaluation, actor=world.evaluator, evaluation_id=key_of(world))
    assert (early.rule_id, NoticeSnapshot.objects.filter(kind="evaluation").count()) == ("R-PERF-03", 0)
    assert Organization.objects.get(body=world.supplier).face == Face.NONE


def test_answered_the_evaluator_must_reply(accepted: World) -> None:
    world = scored_evaluation(accepted)
    key = key_of(world)
    services.hand_over_draft(actor=world.evaluator, evaluation_id=key)
    stranger = refused(services.answer_evaluation, actor=world.officer, evaluation_id=key, answer="同意全部意见")
    assert isinstance(stranger, NotAllowed)
    services.answer_evaluation(actor=world.admin, evaluation_id=key, answer="志愿者培训已补齐，附签到表。")
    assert (
        refused(services.answer_evaluation, actor=world.admin, evaluation_id=key, answer="再补充一句").code
        == "wrong_state"
    )
    error = refused(services.finalize_evaluation, actor=world.evaluator, evaluation_id=key)
    assert error.field == "reply_to_answer"


def test_without_an_answer_it_becomes_final_after_the_time(accepted: World, market_clock: Any) -> None:
    world = scored_evaluation(accepted)
    key = key_of(world)
    drafted = services.hand_over_draft(actor=world.evaluator, evaluation_id=key)
    market_clock.move_to(datetime(2026, 6, 24, 0, 0, tzinfo=ZONE))
    late = refused(services.answer_evaluation, actor=world.admin, evaluation_id=key, answer="同意全部意见")
    assert isinstance(late, Refused)
    assert late.decision.due == drafted.answer_due
    final = services.finalize_evaluation(actor=world.evaluator, evaluation_id=key)
    notice = NoticeSnapshot.objects.get(kind="evaluation")
    assert (final.status, notice.data["answer"]) == (EvaluationStatus.FINAL, "机构未在期限内答复。")


def test_final_is_public_with_grade_reason_and_answer(accepted: World, real_documents: None) -> None:
    """R-PERF-01, R-LOT-05."""
    world = evaluated_contract(accepted)
    notice = NoticeSnapshot.objects.get(kind="evaluation")
    assert (notice.data["total"], notice.data["grade"]) == ("92.40", "优")
    assert len(notice.data["indicators"]) == 7
    assert world.evaluation is not None
    assert notice.body == world.evaluation.evaluator
    report = latest_document("evaluation_report", Evaluation.objects.get())
    assert report is not None
    assert report.is_public
    again = refused(services.finalize_evaluation, actor=world.evaluator, evaluation_id=key_of(world))
    assert again.code == "wrong_state"
    assert NoticeSnapshot.objects.filter(kind="evaluation").count() == 1


def test_misused_money_is_a_score_of_nothing(accepted: World) -> None:
    """R-VENT-16."""
    world = evaluated_contract(accepted, is_misused=True)
    assert world.evaluation is not None
    assert (world.evaluation.total, world.evaluation.grade) == (Decimal("0.00"), Grade.POOR)
    assert Organization.objects.get(body=world.supplier).face == Face.POOR


# the face


def test_the_face_follows_the_evaluation_and_is_kept_in_history(accepted: World) -> None:
    world = evaluated_contract(accepted)
    organization = Organization.objects.get(body=world.supplier)
    record = FaceRecord.objects.get()
    assert (organization.face, record.face, record.sample_size, record.points) == (
        Face.GOOD,
        Face.GOOD,
        1,
        Decimal("93.54"),
    )
    assert record.facts["reports"] == 1
    assert organization.face_reason == record.reason
    assert record.reason.startswith("目标人数完成 104%，志愿者培训一项未达标。")


def test_a_late_milestone_moves_the_face(accepted: World, market_clock: Any) -> None:
    world = evaluated_contract(accepted, total="80")
    assert Organization.objects.get(body=world.supplier).face == Face.GOOD
    due = world.milestone(2).due_on
    market_clock.move_to(datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=ZONE))
    market_clock.advance(minutes=1)
    run_due()
    organization = Organization.objects.get(body=world.supplier)
    newest = FaceRecord.objects.first()
    assert newest is not None
    assert (organization.face, newest.points) == (Face.FAIR, Decimal("75.50"))


def test_a_serious_finding_takes_ten_points_until_it_is_closed(accepted: World) -> None:
    world = evaluated_contract(accepted, total="85")
    auditor = make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR)
    subject = FindingSubject(
        f"contracts.contract:{world.contract.pk}", world.contract.title, world.supplier.pk, "", world.tender_number
    )
    finding = record_finding(actor=auditor, subject=subject, text="部分票据缺失", is_serious=True)
    organization = Organization.objects.get(body=world.supplier)
    assert organization.face == Face.FAIR
    answer_finding(actor=world.admin, finding_id=finding.pk, answer="票据已补齐")
    assert Organization.objects.get(body=world.supplier).face == Face.FAIR
    close_finding(actor=auditor, finding_id=finding.pk, conclusion="已核实补齐")
    assert Organization.objects.get(body=world.supplier).face == Face.GOOD
    assert [record.face for record in FaceRecord.objects.all()] == [Face.GOOD, Face.FAIR, Face.GOOD]


def test_nothing_changed_nothing_recorded(accepted: World) -> None:
    from marketplace.contracts.handlers import refresh_face

    world = evaluated_contract(accepted)
    before = FaceRecord.objects.count()
    refresh_face(world.supplier.pk)
    refresh_face(world.awarded.buyer.pk)
    assert FaceRecord.objects.count() == before
