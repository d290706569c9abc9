"""Improved versions while an application is coached: in the window only, the first kept, the last one is read."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.audit.canonical import canonical
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotFound, Refused
from marketplace.notifications.models import Message
from marketplace.ventures.models import ApplicationReview, ApplicationStatus, Assessment, PanelRole
from marketplace.ventures.rules.application import BASICS
from marketplace.ventures.selectors.application import content_of
from marketplace.ventures.selectors.assessment import coaching_open
from marketplace.ventures.selectors.decision import asked_of
from marketplace.ventures.services import application as drafts, assessment as assessments, assignment
from marketplace.web.tasks import tasks_for
from tests.factories import assessment as factory
from tests.factories.applications import (
    add_file,
    again,
    applicant,
    budget_rows,
    coached_application,
    hand_in,
    key_of,
    save,
)
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
BETTER = "走访后改进：每周两次上门，另设夜间应急电话。"


@pytest.fixture
def coached(market_clock):
    return coached_application()


def improve(application, **basics):
    save(application, BASICS, {"summary": BETTER, **basics})
    return hand_in(application)


def begin_scoring(town) -> None:
    """The window passes, a panel of four is seated and dealt."""
    clock.move_to(town.again().assessment.coaching_until + timedelta(seconds=1))
    factory.stated(town, **{name: getattr(town.assessment, name) for name in ("coaching_from", "coaching_until")})
    for role in PanelRole.values:
        factory.seat(town, factory.reviewer(), role)
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    assessments.begin_scoring(actor=town.officer, assessment_id=town.assessment.pk)


def nothing_improved(application, **more) -> MarketplaceError:
    entries, versions = LogEntry.objects.count(), application.versions.count()
    with pytest.raises(MarketplaceError) as error:
        hand_in(application, **more)
    assert application.versions.count() == versions and LogEntry.objects.count() == entries
    assert not Message.objects.filter(kind="application-improved").exists()
    return error.value


def test_an_improved_version_stands_beside_the_first_with_a_receipt_of_its_own(coached):
    first = coached.versions.get()
    application = improve(coached)
    assert application.status == ApplicationStatus.ACCEPTED and application.submitted_at == first.received_at
    before, after = application.versions.all()
    assert before.content == first.content and before.sha256 == first.sha256
    assert after.content["basics"]["summary"] == BETTER and after.receipt_number != first.receipt_number
    assert after.sha256 == hashlib.sha256(canonical(after.content)).hexdigest()
    assert LogEntry.objects.get(action="application.improved").subject.endswith(after.receipt_number)
    told = Message.objects.filter(kind="application-improved").values_list("user_id", flat=True)
    assert {coached.actor.user_id, coached.mentor.pk, coached.town.officer.user_id} <= set(told)


def test_pressed_twice_it_is_one_version_and_may_be_improved_again(coached):
    application = improve(coached)
    hand_in(application)
    assert application.versions.count() == 2
    improve(application, title="再次修改的名称")
    assert again(application).versions.count() == 3


def test_unchanged_it_is_refused_with_what_to_do(coached):
    assert "还没有任何修改" in str(nothing_improved(coached))


def test_without_the_declaration_it_is_refused(coached):
    save(coached, BASICS, {"summary": BETTER})
    assert nothing_improved(again(coached), declares=False).rule_id == "R-VENT-08"


@pytest.mark.parametrize(
    ("moment", "words"), [("before", "辅导尚未开始"), ("after", "辅导已经结束")], ids=["before", "after"]
)
def test_outside_of_the_window_neither_a_page_nor_the_whole(coached, moment, words):
    save(coached, BASICS, {"summary": BETTER})
    day = timedelta(days=1)
    row = coached.town.assessment
    if moment == "before":
        Assessment.objects.filter(pk=row.pk).update(coaching_from=clock.now() + day)
    else:
        clock.move_to(row.coaching_until + timedelta(seconds=1))
    assert not coaching_open(coached)
    error = nothing_improved(again(coached))
    assert error.rule_id == "R-TIME-07" and words in str(error)
    with pytest.raises(Refused):
        save(coached, BASICS, {"summary": "再改"})
    assert again(coached).summary == BETTER


def test_the_last_second_counts_and_the_moment_of_receipt_decides(coached):
    save(coached, BASICS, {"summary": BETTER})
    until = coached.town.again().assessment.coaching_until.replace(microsecond=0)
    clock.move_to(until + timedelta(seconds=30))
    nothing_improved(again(coached))
    assert hand_in(again(coached), received_at=until).versions.count() == 2


def test_without_a_mentor_it_stays_as_it_is(coached):
    other = coached.other
    with pytest.raises(Refused) as error:
        save(other, BASICS, {"summary": BETTER})
    assert error.value.rule_id == "R-VENT-01" and "导师" in str(error.value)


def test_a_stranger_finds_nothing(coached):
    with pytest.raises(NotFound):
        save(coached, BASICS, {"summary": BETTER}, actor=applicant())


def test_once_the_scoring_has_begun_nothing_comes_after(coached):
    application = improve(coached)
    town = coached.town
    begin_scoring(town)
    with pytest.raises(Refused):
        save(application, BASICS, {"summary": "评分中修改"})
    hand_in(application, received_at=town.assessment.coaching_until - timedelta(hours=1))
    assert again(application).versions.count() == 2
    review = ApplicationReview.objects.filter(application=application).select_related("member").first()
    page = client_for(town.actor_of(review.member)).get(reverse("ventures:review", args=[review.pk]))
    assert BETTER in page.content.decode()


def test_what_was_not_handed_in_does_not_reach_reviewers_or_the_decision(coached):
    """A draft changed after the last handing in is put back: names, texts, rows, budget, files."""
    application = hand_in(save(add_file(coached), BASICS, {"summary": BETTER}))
    handed_in = application.versions.last().content
    table = key_of(application, "team")
    save(application, BASICS, {"title": "没有提交的名称"})
    save(application, table, rows=[])
    save(application, key_of(application, "budget"), rows=budget_rows(application, granted="70000.00", own="50000.00"))
    drafts.remove_file(actor=application.actor, application_id=application.pk, file_id=application.files.get().pk)
    add_file(application, "没有提交的附件")
    begin_scoring(coached.town)
    assert content_of(again(application)) == handed_in
    assert sum(asked_of(coached.town.assessment)[application.pk].values()) == Decimal("60000.00")
    assert LogEntry.objects.filter(action="application.put_back").count() == 1


def test_the_applicants_pages(coached):
    client = client_for(coached.actor)
    home = [task.title for task in tasks_for(coached.actor)]
    assert any("与导师一起修改" in title for title in home)
    detail = client.get(reverse("ventures:application-detail", args=[coached.pk])).content.decode()
    assert str(coached.mentor) in detail and "距辅导结束" in detail and "去修改" in detail
    assert (
        "去修改"
        not in client_for(coached.other.actor)
        .get(reverse("ventures:application-detail", args=[coached.other.pk]))
        .content.decode()
    )
    assert client.get(reverse("ventures:application-edit", args=[coached.pk, BASICS])).status_code == 200
    save(coached, BASICS, {"summary": BETTER})
    url = reverse("ventures:application-check", args=[coached.pk])
    assert "此前各版一并保留" in client.get(url).content.decode()
    done = client.post(url, {"declares": "on", "version": again(coached).version})
    assert done.status_code == 302 and coached.versions.count() == 2
    assert "评委评分" in client.get(done.url).content.decode()
    clock.move_to(coached.town.assessment.coaching_until + timedelta(seconds=1))
    over = client.get(reverse("ventures:application-detail", args=[coached.pk])).content.decode()
    assert "辅导已经结束" in over and "去修改" not in over
    assert client.get(url).status_code == 302


def test_the_funder_compares_and_the_mentor_sees_both(coached):
    improve(coached)
    officer = client_for(coached.town.officer)
    compare = reverse("ventures:application-compare", args=[coached.pk])
    assert (
        compare
        in officer.get(reverse("ventures:assessment-coaching", args=[coached.town.assessment.pk])).content.decode()
    )
    assert BETTER in officer.get(compare).content.decode()
    mentor = factory.actor_for_user(User.objects.get(pk=coached.mentor.pk))
    mine = reverse("ventures:mentorship", args=[coached.mentorships.get().pk])
    page = client_for(mentor).get(mine).content.decode()
    assert BETTER in page and coached.versions.first().content["basics"]["summary"] in page
