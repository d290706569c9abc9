"""The pages of an assessment over HTTP: each person's way, what is hidden, constant queries."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from marketplace.accounts.models import User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.schedule import run_due
from marketplace.ventures.models import (
    ApplicationReview,
    ApplicationVersion,
    Assessment,
    Grant,
    GrantProposal,
    PanelMember,
    ReviewScore,
)
from marketplace.web.tasks import tasks_for
from tests.factories import assessment as factory
from tests.factories.accounts import make_body, make_person
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


def get(actor, name: str, *args, status: int = 200) -> str:
    response = client_for(actor).get(reverse(f"ventures:{name}", args=args))
    assert response.status_code == status, (name, response.status_code)
    return b"".join(response).decode() if response.streaming else response.content.decode()


def post(actor, name: str, *args, status: int = 302, **data):
    response = client_for(actor).post(reverse(f"ventures:{name}", args=args), data)
    assert response.status_code == status, response.content.decode()[-4000:]
    return response


def settings_data(town, **changes) -> dict:
    until = clock.now() + timedelta(days=7)
    weights = {f"w_{row.key}": row.weight for row in town.assessment.criteria.all()}
    data = {
        "version": town.again().assessment.version,
        "reviewers_each": 3,
        "is_blind": "on",
        "defence_share": 40,
        "bonus_cap": "3",
        "bonuses": "有配套资金 | 2\n列入重点主题｜1.5",
        "scoring_until": f"{until:%Y-%m-%dT%H:%M}",
        **weights,
    }
    return {**data, **changes}


def test_the_officers_way_from_a_closed_call_to_scoring():
    call = factory.closed_call()
    people = call.people
    assert "开始评审" in get(people.officer, "call-detail", call.pk)
    for number in range(3):
        factory.accepted_application(call, factory.TITLES[number], [(call.pots.first(), "50000.00")])
    post(people.officer, "assessment-open", call.pk)
    row = Assessment.objects.get()
    town = factory.Town(row, people.officer, people.approver)
    assert call.title in get(people.officer, "assessment-list")
    get(people.officer, "assessment-detail", row.pk)
    bad = post(people.officer, "assessment-settings", row.pk, status=422, **settings_data(town, w_need=19))
    assert "+1" in bad.content.decode() and "有配套资金" in bad.content.decode()
    post(people.officer, "assessment-settings", row.pk, **settings_data(town))
    assert [str(scheme.points) for scheme in row.bonuses.all()] == ["2.00", "1.50"]
    for role in ("resident", "demand", "scholar", "practitioner"):
        actor = factory.reviewer()
        town.reviewers.append(actor)
        email = User.objects.get(pk=actor.user_id).email
        post(people.officer, "assessment-invite", row.pk, email=email, role=role)
        member = PanelMember.objects.get(user_id=actor.user_id)
        assert any(call.title in task.title for task in tasks_for(actor))
        assert "接受" in get(actor, "seat-detail", member.pk)
        get(actor, "seat-answer", member.pk)
        post(actor, "seat-answer", member.pk, employer="某大学", status=422)
        post(actor, "seat-answer", member.pk, employer="某大学", keeps_secret="on")
    get(people.officer, "assessment-coaching", row.pk)
    post(people.officer, "assessment-deal", row.pk)
    assert ApplicationReview.objects.count() == 9
    get(people.officer, "assessment-reviews", row.pk)
    review = ApplicationReview.objects.first()
    get(people.officer, "review-reassign", review.pk)
    post(people.officer, "assessment-score", row.pk)
    row.refresh_from_db()
    assert row.status == "scoring"
    assert (
        client_for(make_person(make_body(), Role.OFFICER))
        .get(reverse("ventures:assessment-detail", args=[row.pk]))
        .status_code
        == 404
    )


def test_a_declined_seat():
    town, actor = factory.opened(1), factory.reviewer()
    member = factory.invited(town, actor)
    post(actor, "seat-decline", member.pk, reason="出差")
    assert get(actor, "seat-list").count("已谢绝") == 1
    get(town.officer, "assessment-detail", town.assessment.pk)


def first_review(town):
    review = ApplicationReview.objects.standing().select_related("member", "application__body").first()
    return review, town.actor_of(review.member)


def review_data(town, review, **changes) -> dict:
    points = {f"c{row.pk}": row.weight // 2 for row in town.assessment.criteria.all()}
    review.refresh_from_db()
    return {"version": review.version, "comment": factory.COMMENT, **points, **changes}


def test_blind_until_handed_in():
    """Neither the page nor the seat's list names the applicant before the own points are fixed."""
    town = factory.scoring_town()
    review, actor = first_review(town)
    name = review.application.body.name
    ApplicationVersion.objects.filter(application=review.application).update(
        content={
            "applicant": {"name": name, "code": review.application.body.code},
            "basics": {"summary": f"{name}在六个街道服务。", "place": "静安区"},
            "blocks": [
                {"key": "b1", "kind": "text", "title": "需求", "criterion": "need", "text": f"{name}调查过。"},
                {"key": "b2", "kind": "team", "title": "团队", "columns": ["姓名"], "rows": [["赵一"]]},
                {"key": "b3", "kind": "table", "title": "活动", "columns": ["次数"], "rows": [["十二次"]]},
            ],
            "budget": {"lines": [{"name": "活动费", "basis": "按次", "amount": "100.00", "shares": []}]},
        }
    )
    page = get(actor, "review", review.pk)
    assert name not in page and "赵一" not in page
    assert "▇▇调查过" in page and "十二次" in page and "活动费" in page
    assert name not in get(actor, "seat-detail", review.member_id)
    post(actor, "review", review.pk, hand_in="1", **review_data(town, review))
    page = get(actor, "review", review.pk)
    assert name in page and "赵一" in page


def test_autosave_answers_in_json_and_says_what_is_wrong():
    town = factory.scoring_town()
    review, actor = first_review(town)
    client, address = client_for(actor), reverse("ventures:review", args=[review.pk])
    need = town.assessment.criteria.get(key="need")
    data = {"version": 0, "comment": "", f"c{need.pk}": "12.5", "action": "autosave"}
    answer = client.post(address, data)
    assert answer.status_code == 200 and answer.json()["version"] == 1
    assert client.post(address, data).status_code == 409
    assert client.post(address, {**data, "version": 1, f"c{need.pk}": "21"}).status_code == 422
    assert client.post(address, {**data, "version": 1, f"c{need.pk}": "x"}).status_code == 422
    assert str(ReviewScore.objects.get().points) == "12.50"


def test_a_refused_hand_in_keeps_what_was_typed_and_can_go_on():
    town = factory.scoring_town()
    review, actor = first_review(town)
    answer = post(actor, "review", review.pk, status=422, hand_in="1", **review_data(town, review, comment="短"))
    assert 'name="version" value="1"' in answer.content.decode()
    post(actor, "review", review.pk, hand_in="1", **review_data(town, review))
    review.refresh_from_db()
    assert review.submitted_at is not None
    stranger = factory.reviewer()
    get(stranger, "review", review.pk, status=404)


def test_reminders_by_hand_and_by_the_clock(mailoutbox):
    town = factory.scoring_town()
    post(town.officer, "member-remind", town.members[0].pk)
    assert PanelMember.objects.exclude(reminded_at=None).count() == 1
    clock.move_to(town.assessment.scoring_until - timedelta(days=1))
    run_due(clock.now())
    assert PanelMember.objects.exclude(reminded_at=None).count() == 4


def test_the_ranking_shows_both_means_and_goes_into_files():
    town = factory.scored(bonus_cap=2, bonuses=[("有配套资金", 1)])
    page = get(town.officer, "assessment-ranking", town.assessment.pk)
    assert "80.00" in page and "标准化平均分" in page
    get(town.officer, "assessment-bonus", town.assessment.pk)
    scheme, application = town.assessment.bonuses.get(), town.applications[0]
    post(
        town.officer,
        "assessment-bonus",
        town.assessment.pk,
        scheme=scheme.pk,
        application=application.pk,
        reason="银行证明",
    )
    text = get(town.approver, "ranking-csv", town.assessment.pk)
    assert text.count("\n") == 5 and application.title in text
    response = client_for(town.officer).get(reverse("ventures:ranking-xlsx", args=[town.assessment.pk]))
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert len(rows) == 5 and rows[1][1] == application.title


def test_the_ranking_asks_the_same_questions_however_many_applications():
    counts = []
    for count in (3, 12):
        town = factory.scored(count)
        client = client_for(town.officer)
        address = reverse("ventures:assessment-ranking", args=[town.assessment.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25


def test_the_defence_day_on_the_officers_screen_and_on_a_phone():
    town = factory.scored(defence_share=40)
    pk = town.assessment.pk
    get(town.officer, "defence-draw", pk)
    start = f"{clock.now() + timedelta(days=3):%Y-%m-%dT}09:00"
    data = {"best": 2, "reason": "前两名", "starts_at": start, "minutes": 15, "pause": 5}
    data |= {"break_after": 0, "break_minutes": 0, "place": "三楼"}
    post(town.officer, "defence-draw", pk, status=422, **{**data, "place": ""})
    assert "答辩尚未举行" in get(town.officer, "assessment-ranking", pk)
    post(town.officer, "defence-draw", pk, **data)
    page = get(town.officer, "assessment-ranking", pk)
    assert "2 份申报的答辩尚未结束" in page and page.count("待答辩") == 2
    day = factory.day_of(town)
    assert any(task.due == day.starts_at and town.call.title in task.title for task in tasks_for(town.officer))
    page = get(town.officer, "assessment-defence", pk)
    assert 'hx-trigger="every 5s"' in page and factory.day_of(town).seed in page
    first, second = factory.day_of(town).slots.all()
    reviewer = town.reviewers[0]
    member = PanelMember.objects.get(user_id=reviewer.user_id)
    assert client_for(reviewer).get(reverse("ventures:defence-now", args=[member.pk])).status_code == 302
    assert 'name="points"' not in get(reviewer, "defence-score", member.pk, first.pk)
    post(town.officer, "slot-begin", first.pk)
    page = get(reviewer, "defence-score", member.pk, first.pk)
    assert "data-until" in page and 'name="points"' in page
    post(reviewer, "defence-score", member.pk, first.pk, status=422, points="101")
    post(reviewer, "defence-score", member.pk, first.pk, points="88.5", note="清楚")
    part = client_for(town.officer).get(reverse("ventures:assessment-defence", args=[pk]) + "?part=1").content.decode()
    assert "<html" not in part and "1 / 4" in part
    post(town.officer, "slot-end", first.pk)
    post(town.officer, "slot-end", second.pk, absent="1")
    applicant = next(actor for key, actor in make_applicants(town) if key == first.application_id)
    assert "三楼" in get(applicant, "result-own", first.application_id)
    ics = get(applicant, "slot-ics", first.application_id)
    assert "BEGIN:VCALENDAR" in ics and "三楼" in ics
    get(applicant, "result-own", second.application_id, status=404)
    page = get(town.officer, "assessment-ranking", pk)
    assert "答辩尚未" not in page and "未到场" in page
    post(town.officer, "assessment-deliberate", pk)
    get(town.officer, "assessment-defence", pk)


def make_applicants(town):
    return [(row.pk, make_person(row.body, Role.BIDDER)) for row in town.applications]


def test_the_way_from_deliberation_to_grants():
    town = factory.deliberating_amounts("500000.00", "480000.00", "100000.00", "20000.00")
    pk = town.assessment.pk
    review, actor = first_review(town)
    score = review.scores.first()
    get(actor, "review-change", review.pk, score.pk)
    post(actor, "review-change", review.pk, score.pk, points=str(score.points - 1), reason="看错了")
    assert "看错了" in get(actor, "review", review.pk)
    get(town.officer, "assessment-decision", pk)
    post(town.officer, "decision-fit", pk)
    page = get(town.officer, "assessment-decision", pk)
    assert "差 80,000.00 元" in page
    proposal = GrantProposal.objects.exclude(amount=0).last()
    pots = list(town.call.pots.all())
    get(town.officer, "proposal-amount", proposal.pk)
    answer = post(
        town.officer,
        "proposal-amount",
        proposal.pk,
        status=422,
        **{f"pot{pots[0].pk}": "900000", "reason": "调整"},
    )
    assert "900000" in answer.content.decode()
    own = proposal.shares.first().pot_id
    post(town.officer, "proposal-amount", proposal.pk, **{f"pot{own}": "15000", "reason": "核减"})
    get(town.officer, "decision-minutes", pk)
    post(town.officer, "decision-minutes", pk, minutes="一致通过。")
    post(town.officer, "decision-propose", pk)
    assert any("批准" in task.title for task in tasks_for(town.approver))
    get(town.approver, "assessment-decision", pk)
    post(town.approver, "decision-return", pk, reason="理由再写清楚")
    assert "理由再写清楚" in get(town.officer, "assessment-detail", pk)
    post(town.officer, "decision-propose", pk)
    post(town.approver, "decision-display", pk)
    town.again()
    public = Client().get(reverse("ventures:result-public", args=[town.call.number])).content.decode()
    page = Client().get(reverse("ventures:call-public", args=[town.call.number])).content.decode()
    assert reverse("ventures:result-public", args=[town.call.number]) in page
    assert "邻里守望" in public and "四点半课堂" not in public
    # a single member's points and names are never beside each other
    assert all(str(member.user) not in public for member in town.members)
    visitor = make_person(make_body(BodyKind.ORGANIZATION), Role.BIDDER)
    get(visitor, "result-object", town.call.number)
    post(visitor, "result-object", town.call.number, text="第一名的机构未结项。")
    objection = town.assessment.objections.get()
    assert any(task.due == objection.due_on for task in tasks_for(town.officer))
    get(town.officer, "objection-answer", objection.pk)
    post(town.officer, "objection-answer", objection.pk, answer="经查已结项。")
    post(town.approver, "assessment-confirm", pk)
    assert not Grant.objects.exists()
    factory.after_display(town)
    get(town.approver, "assessment-detail", pk)
    post(town.approver, "assessment-confirm", pk)
    assert Grant.objects.count() == 3
    row = town.applications[2]
    page = get(make_person(row.body, Role.BIDDER), "result-own", row.pk)
    assert "差 80,000.00 元" in page and factory.COMMENT in page
    assert all(str(member.user) not in page for member in town.members)


def test_a_joint_funder_agrees_on_its_page():
    town, other = factory.joint_town()
    assert any("资金池" in task.title for task in tasks_for(other.approver))
    assert "同意" in get(other.approver, "assessment-decision", town.assessment.pk)
    post(other.approver, "decision-consent", town.assessment.pk)
    post(town.approver, "decision-display", town.assessment.pk)
    assert town.again().assessment.status == "displayed"


def test_mentor_and_sessions():
    town = factory.stated(
        factory.opened(1),
        coaching_from=clock.now() - timedelta(hours=1),
        coaching_until=clock.now() + timedelta(days=3),
    )
    mentor = factory.reviewer()
    email = User.objects.get(pk=mentor.user_id).email
    key = str(town.applications[0].pk)
    post(town.officer, "assessment-coaching", town.assessment.pk, application=key, email=email)
    row = town.applications[0].mentorships.get()
    assert any(row.application.title in task.title for task in tasks_for(mentor))
    get(mentor, "mentorship", row.pk)
    post(mentor, "mentorship", row.pk, held_on=f"{clock.today():%Y-%m-%d}", notes="改写需求")
    assert "改写需求" in get(mentor, "mentorship", row.pk)
    assert row.application.title in get(mentor, "seat-list")
    get(town.officer, "mentorship", row.pk, status=404)
    get(town.officer, "assessment-coaching", town.assessment.pk)
