"""Assessments of closed calls in every state. Accepted applications are made directly, without the way to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Membership, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.ventures.models import (
    Application,
    ApplicationReview,
    ApplicationStatus,
    ApplicationVersion,
    Assessment,
    BudgetLineOfApplication,
    BudgetShare,
    Call,
    CallPot,
    DefenceDay,
    PanelMember,
    PanelRole,
)
from marketplace.ventures.selectors.application import content_of
from marketplace.ventures.services import (
    assessment as assessments,
    assignment,
    call as calls,
    decision,
    defence,
    display,
    panel,
    scoring,
)

from .accounts import make_body, make_person
from .planning import BuyerPeople
from .ventures import again, joint_call, published_call

COMMENT = "需求真实，方案可行，预算合理，成效可以衡量。"
TITLES = ("邻里守望", "银龄食堂", "四点半课堂", "小巷管家", "记忆家园", "同心桥", "晨光陪伴", "乐龄学堂")


@dataclass
class Town:
    """A call's assessment and the people around it. `applicants`: application → a bidder of it."""

    assessment: Assessment
    officer: Actor
    approver: Actor
    reviewers: list[Actor] = field(default_factory=list)
    applicants: dict[Any, Actor] = field(default_factory=dict)

    @property
    def call(self) -> Call:
        return self.assessment.call

    @property
    def members(self) -> list[PanelMember]:
        return list(self.assessment.members.order_by("pk").select_related("user"))

    @property
    def applications(self) -> list[Application]:
        return list(self.call.applications.order_by("created_at", "pk"))

    def again(self) -> Town:
        found = Assessment.objects.select_related("call__lead", "snapshot").get(pk=self.assessment.pk)
        self.assessment = found
        return self

    def actor_of(self, member: PanelMember) -> Actor:
        return next(actor for actor in self.reviewers if actor.user_id == member.user_id)


def closed_call(call: Call | None = None) -> Call:
    """A call after its deadline, which is taken to have been a minute ago: worlds with many calls stay in one year."""
    call = call or published_call()
    now = clock.now()
    Call.objects.filter(pk=call.pk).update(opens_at=now - timedelta(days=30), deadline=now - timedelta(minutes=1))
    calls.close_call(call_id=call.pk)
    return again(call)


def accepted_application(
    call: Call, title: str, asked: Sequence[tuple[CallPot, str]], *, applicant: Actor | None = None, theme: Any = None
) -> tuple[Application, Actor]:
    """An application that passed the pre-review, with a budget that names pots."""
    actor = applicant or make_person(make_body(BodyKind.ORGANIZATION), Role.BIDDER)
    now = clock.now()
    row = Application.objects.create(
        call=call,
        body_id=actor.body_id,
        form=call.form_versions.first(),
        status=ApplicationStatus.ACCEPTED,
        title=title,
        summary=f"{actor.body_name}为社区老人提供陪伴和助餐。",
        theme=theme,
        place="静安区",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 6, 30),
        created_by_id=actor.user_id,
        created_at=now + timedelta(microseconds=call.applications.count()),
        submitted_at=now,
    )
    line = BudgetLineOfApplication.objects.create(
        application=row, position=1, name="活动费", amount=sum(Decimal(amount) for _pot, amount in asked) or Decimal(1)
    )
    for pot, amount in asked:
        BudgetShare.objects.create(line=line, pot=pot, amount=Decimal(amount))
    ApplicationVersion.objects.create(
        application=row,
        number=1,
        content=content_of(row),
        sha256="0" * 64,
        receipt_number=f"R{row.pk.hex[:16]}",
        submitted_by_id=actor.user_id,
        received_at=now,
    )
    return row, actor


def opened(count: int = 4, *, call: Call | None = None, amounts: Sequence[str] = ("100000.00",)) -> Town:
    """An assessment in preparation with `count` accepted applications, each asking the first pot."""
    call = closed_call(call)
    people = call.people  # type: ignore[attr-defined]
    pot = call.pots.order_by("position").first()
    applicants = {}
    for number in range(count):
        row, actor = accepted_application(
            call, TITLES[number % len(TITLES)], [(pot, amounts[number % len(amounts)])], theme=call.themes.first()
        )
        applicants[row.pk] = actor
    assessment = assessments.open_assessment(actor=people.officer, call_id=call.pk)
    return Town(assessment, people.officer, people.approver, applicants=applicants).again()


def settings_of(town: Town, **changes: Any) -> assessments.Settings:
    stated = assessments.Settings(
        reviewers_each=3,
        is_blind=True,
        is_normalised=False,
        defence_share=0,
        bonus_cap=Decimal("0.00"),
        scoring_until=clock.now() + timedelta(days=7),
        coaching_from=None,
        coaching_until=None,
        weights={row.key: row.weight for row in town.assessment.criteria.all()},
    )
    return replace(stated, **changes)


def stated(town: Town, **changes: Any) -> Town:
    assessments.save_settings(
        actor=town.officer,
        assessment_id=town.assessment.pk,
        version=town.again().assessment.version,
        settings=settings_of(town, **changes),
    )
    return town.again()


def reviewer(*, name: str = "") -> Actor:
    register = make_body(BodyKind.EXPERT_REGISTER)
    return make_person(register, Role.EXPERT, name=name, second_factor=True)


def invited(town: Town, actor: Actor, role: str = PanelRole.SCHOLAR) -> PanelMember:
    email = User.objects.get(pk=actor.user_id).email
    return panel.invite_member(actor=town.officer, assessment_id=town.assessment.pk, email=email, role=role)


def seat(town: Town, actor: Actor, role: str, **answer: Any) -> PanelMember:
    """Invited and accepted."""
    member = invited(town, actor, role)
    town.reviewers.append(actor)
    answer = {"employer": "某大学", "keeps_secret": True, **answer}
    return panel.answer_invitation(actor=actor, member_id=member.pk, accepts=True, **answer)


def seated_panel(count: int = 4, people: int = 4, **changes: Any) -> Town:
    town = stated(opened(count), **changes)
    for number in range(people):
        seat(town, reviewer(name=f"评委{number + 1}"), PanelRole.values[number % 4])
    return town.again()


def dealt(count: int = 4, people: int = 4, **changes: Any) -> Town:
    town = seated_panel(count, people, **changes)
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    return town.again()


def scoring_town(count: int = 4, people: int = 4, **changes: Any) -> Town:
    town = dealt(count, people, **changes)
    assessments.begin_scoring(actor=town.officer, assessment_id=town.assessment.pk)
    return town.again()


def give(town: Town, review: ApplicationReview, share: str = "0.8", *, comment: str = COMMENT) -> ApplicationReview:
    """A whole review: each criterion gets the share of its points, in halves."""
    actor = town.actor_of(review.member)
    points = {
        row.pk: (row.weight * Decimal(share) * 2).to_integral_value() / 2 for row in town.assessment.criteria.all()
    }
    review.refresh_from_db()
    scoring.save_review(actor=actor, review_id=review.pk, version=review.version, points=points, comment=comment)
    return scoring.hand_in_review(actor=actor, review_id=review.pk)


def scored(
    count: int = 4, people: int = 4, *, shares: Sequence[str] = ("0.9", "0.8", "0.7", "0.6"), **changes: Any
) -> Town:
    """All reviews handed in: the first application gets the first share, and so on."""
    town = scoring_town(count, people, **changes)
    score_all(town, shares)
    return town.again()


def score_all(town: Town, shares: Sequence[str] = ("0.9", "0.8", "0.7", "0.6")) -> None:
    place = {row.pk: number for number, row in enumerate(town.applications)}
    mine = ApplicationReview.objects.standing().filter(member__assessment=town.assessment)
    for review in mine.select_related("member__user"):
        give(town, review, shares[place[review.application_id] % len(shares)])


def day_input(**changes: Any) -> defence.DayInput:
    day = defence.DayInput(
        starts_at=clock.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3),
        reason="按书面评审总分取前两名",
        best=2,
        place="静安区社会组织服务中心三楼",
    )
    return replace(day, **changes)


def defence_town(count: int = 4, people: int = 4, **changes: Any) -> Town:
    town = scored(count, people, defence_share=40, **changes)
    defence.draw_defence(actor=town.officer, assessment_id=town.assessment.pk, day=day_input())
    return town.again()


def day_of(town: Town) -> DefenceDay:
    return DefenceDay.objects.get(assessment=town.assessment)


def defended(town: Town, points: Sequence[str] = ("90", "70")) -> Town:
    """Every slot held, every member's points given."""
    for number, slot in enumerate(day_of(town).slots.all()):
        defence.begin_slot(actor=town.officer, slot_id=slot.pk)
        for actor in town.reviewers:
            defence.score_defence(actor=actor, slot_id=slot.pk, points=Decimal(points[number % len(points)]))
        defence.end_slot(actor=town.officer, slot_id=slot.pk)
    return town.again()


def deliberating(count: int = 4, people: int = 4, **changes: Any) -> Town:
    town = scored(count, people, **changes)
    assessments.begin_deliberation(actor=town.officer, assessment_id=town.assessment.pk)
    return town.again()


def fitted(town: Town | None = None, **changes: Any) -> Town:
    town = town or deliberating(**changes)
    decision.fit_decision(actor=town.officer, assessment_id=town.assessment.pk)
    return town.again()


def proposed(town: Town | None = None, **changes: Any) -> Town:
    town = fitted(town, **changes)
    assessments.save_minutes(actor=town.officer, assessment_id=town.assessment.pk, minutes="评委逐项讨论，一致通过。")
    decision.propose_decision(actor=town.officer, assessment_id=town.assessment.pk)
    return town.again()


def displayed(town: Town | None = None, **changes: Any) -> Town:
    town = proposed(town, **changes)
    display.display_result(actor=town.approver, assessment_id=town.assessment.pk)
    return town.again()


def confirmed(town: Town | None = None, **changes: Any) -> Town:
    town = displayed(town, **changes)
    after_display(town)
    display.confirm_grants(actor=town.approver, assessment_id=town.assessment.pk)
    return town.again()


def after_display(town: Town) -> None:
    until = town.assessment.display_until
    clock.move_to(clock.now().replace(year=until.year, month=until.month, day=until.day) + timedelta(days=1))


def actor_for_user(user: User) -> Actor:
    membership = Membership.objects.filter(user=user, ended_at=None).select_related("body").first()
    return actor_for(user, membership, has_second_factor=True)


def deliberating_amounts(*amounts: str) -> Town:
    """Scored in the order of the amounts, which the first pot is asked for; the cap of a project is high."""
    call = published_call(grant_cap=Decimal("500000.00"))
    town = stated(opened(len(amounts), call=call, amounts=amounts))
    for number in range(4):
        seat(town, reviewer(name=f"评委{number + 1}"), PanelRole.values[number])
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    assessments.begin_scoring(actor=town.officer, assessment_id=town.assessment.pk)
    score_all(town.again())
    assessments.begin_deliberation(actor=town.officer, assessment_id=town.assessment.pk)
    return town.again()


def joint_town() -> tuple[Town, BuyerPeople]:
    """A decision that takes money from a joint funder's pot and waits for approval."""
    call, other = joint_call()
    calls.submit_call(actor=call.people.officer, call_id=call.pk)  # type: ignore[attr-defined]
    calls.confirm_call(actor=other.approver, call_id=call.pk)
    calls.publish_call(actor=call.people.approver, call_id=call.pk)  # type: ignore[attr-defined]
    town = stated(opened(4, call=again(call)))
    pot = CallPot.objects.get(call=call, budget_line__fund__body=other.body)
    first = town.applications[0]
    BudgetShare.objects.filter(line__application=first).update(pot=pot)
    first.versions.update(content=content_of(first))
    for number in range(4):
        seat(town, reviewer(name=f"评委{number + 1}"), PanelRole.values[number])
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    assessments.begin_scoring(actor=town.officer, assessment_id=town.assessment.pk)
    score_all(town.again())
    assessments.begin_deliberation(actor=town.officer, assessment_id=town.assessment.pk)
    return proposed(town.again()), other
