"""Reports on milestones: drafts that never get lost, handing in, acceptance, return, lateness."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from marketplace.contracts.models import Milestone, MilestoneStatus, PerformanceReport, ReportPhoto, ReportStatus
from marketplace.contracts.services import report as services
from marketplace.contracts.services.milestone import flag_late, roll_due
from marketplace.contracts.services.report import SpendingInput
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import NotAllowed, StaleVersion
from marketplace.core.models import WorkCalendarYear
from marketplace.core.schedule import run_due
from marketplace.documents.services import open_file
from marketplace.publication.models import NoticeSnapshot
from tests.factories.contracts import (
    World,
    a_photo,
    acceptance,
    accepted_milestone,
    active_contract,
    drafted_report,
    report_input,
    reported_milestone,
    signed_contract,
)

from .test_contract import refused

pytestmark = pytest.mark.django_db


def test_a_draft_is_found_again_and_saved_incomplete() -> None:
    world = active_contract()
    milestone = world.milestone()
    draft = services.start_report(actor=world.reporter, milestone_id=milestone.pk)
    assert services.start_report(actor=world.admin, milestone_id=milestone.pk).pk == draft.pk
    saved = services.save_report(
        actor=world.reporter,
        report_id=draft.pk,
        version=1,
        data=report_input(summary="", figures=(), spending=(SpendingInput("劳务", Decimal("1.50")),)),
    )
    assert (saved.version, saved.spent, saved.status) == (2, Decimal("1.50"), ReportStatus.DRAFT)
    with pytest.raises(StaleVersion) as caught:
        services.save_report(actor=world.admin, report_id=draft.pk, version=1, data=report_input())
    assert caught.value.current.spending.get().name == "劳务"


def test_only_the_organization_reports_and_only_in_performance() -> None:
    world = active_contract()
    for actor in (world.officer, world.approver):
        error = refused(services.start_report, actor=actor, milestone_id=world.milestone().pk)
        assert isinstance(error, NotAllowed)
    early = signed_contract()
    assert refused(services.start_report, actor=early.reporter, milestone_id=early.milestone().pk).code == "wrong_state"


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"summary": "太短"}, "R-GPS-09", "summary"),
        ({"figures": ()}, "R-GPS-09", "figures"),
        ({"spending": ()}, "R-LOT-05", "spending"),
        ({"spending": (SpendingInput("业务招待费", Decimal(100)),)}, "R-LOT-03", "spending"),
        ({"spending": (SpendingInput("劳务", Decimal("486000.01")),)}, "R-LOT-05", "spending"),
        ({"has_consent": False}, "R-CHAR-10", "has_consent"),
    ],
)
def test_an_unlawful_or_incomplete_report_is_not_handed_in(changes: dict[str, Any], rule: str, field: str) -> None:
    world = active_contract()
    draft = drafted_report(world, **changes)
    error = refused(services.submit_report, actor=world.reporter, report_id=draft.pk)
    assert (error.rule_id, error.field) == (rule, field)
    assert world.milestone().status == MilestoneStatus.PENDING
    assert PerformanceReport.objects.get().status == ReportStatus.DRAFT


def test_lottery_money_asks_for_a_photo_of_its_sign() -> None:
    """R-LOT-06."""
    world = active_contract()
    draft = services.start_report(actor=world.reporter, milestone_id=world.milestone().pk)
    services.save_report(actor=world.reporter, report_id=draft.pk, version=1, data=report_input())
    services.add_photo(actor=world.reporter, report_id=draft.pk, upload=a_photo(), caption="活动现场", shows_sign=False)
    error = refused(services.submit_report, actor=world.reporter, report_id=draft.pk)
    assert (error.rule_id, error.field) == ("R-LOT-06", "photos")


def test_photos_lose_place_and_device() -> None:
    """R-CHAR-10: what is kept has no EXIF; a picture in name only is refused."""
    world = active_contract()
    draft = services.start_report(actor=world.reporter, milestone_id=world.milestone().pk)
    original = a_photo(size=(4000, 3000))
    assert Image.open(io.BytesIO(original.read())).getexif()
    original.seek(0)
    photo = services.add_photo(
        actor=world.reporter, report_id=draft.pk, upload=original, caption="夜间巡访", shows_sign=True
    )
    with open_file(photo.document.file) as content:
        kept = Image.open(io.BytesIO(content.read()))
    assert not kept.getexif()
    assert (kept.format, kept.size) == ("JPEG", (2400, 1800))
    fake = SimpleUploadedFile("photo.jpg", b"GIF89a not a photo", "image/jpeg")
    error = refused(
        services.add_photo, actor=world.reporter, report_id=draft.pk, upload=fake, caption="假", shows_sign=False
    )
    assert error.field == "photo"
    nameless = refused(
        services.add_photo, actor=world.reporter, report_id=draft.pk, upload=a_photo(), caption=" ", shows_sign=False
    )
    assert nameless.field == "caption"


def test_a_photo_taken_out_is_marked_and_png_is_taken() -> None:
    world = active_contract()
    draft = services.start_report(actor=world.reporter, milestone_id=world.milestone().pk)
    photo = services.add_photo(
        actor=world.reporter, report_id=draft.pk, upload=a_photo(kind="PNG"), caption="标识", shows_sign=True
    )
    services.remove_photo(actor=world.reporter, report_id=draft.pk, photo_id=photo.pk)
    assert ReportPhoto.objects.get().removed_at is not None
    assert draft.photos.filter(removed_at=None).count() == 0


def test_handed_in_it_is_fixed_and_nothing_is_handed_in_twice() -> None:
    world = reported_milestone()
    report = world.report
    assert report is not None
    milestone = world.milestone()
    assert (milestone.status, milestone.was_on_time) == (MilestoneStatus.REPORTED, True)
    assert refused(services.submit_report, actor=world.reporter, report_id=report.pk).code == "wrong_state"
    changed = refused(
        services.save_report, actor=world.reporter, report_id=report.pk, version=report.version, data=report_input()
    )
    assert changed.code == "wrong_state"
    assert refused(services.start_report, actor=world.reporter, milestone_id=milestone.pk).code == "wrong_state"


def test_accepted_with_service_users_and_published() -> None:
    """R-CON-14, R-NOTICE-09."""
    world = accepted_milestone()
    assert world.milestone().status == MilestoneStatus.ACCEPTED
    notice = NoticeSnapshot.objects.get(kind="acceptance")
    assert "服务对象代表两名" in notice.data["members"]
    assert notice.data["accepted_on"] == "2026-06-15"
    assert notice.data["figures"][0]["actual"] == "312"
    assert world.report is not None
    again = refused(services.accept_report, actor=world.officer, report_id=world.report.pk, data=acceptance())
    assert again.code == "wrong_state"
    assert NoticeSnapshot.objects.filter(kind="acceptance").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"users": " "}, "users"),
        ({"members": ""}, "members"),
        ({"opinion": ""}, "opinion"),
        ({"accepted_on": date(2026, 6, 16)}, "accepted_on"),
        ({"accepted_on": date(2026, 6, 14)}, "accepted_on"),
    ],
)
def test_an_acceptance_without_its_parts_is_refused(changes: dict[str, Any], field: str) -> None:
    """R-CON-14."""
    world = reported_milestone()
    assert world.report is not None
    error = refused(services.accept_report, actor=world.officer, report_id=world.report.pk, data=acceptance(**changes))
    assert (error.rule_id, error.field) == ("R-CON-14", field)
    assert world.milestone().status == MilestoneStatus.REPORTED


def test_the_organization_cannot_accept_its_own_work() -> None:
    world = reported_milestone()
    assert world.report is not None
    for actor in (world.admin, world.reporter, world.finance):
        error = refused(services.accept_report, actor=actor, report_id=world.report.pk, data=acceptance())
        assert isinstance(error, NotAllowed)


def test_a_returned_report_stays_and_the_next_starts_as_its_copy() -> None:
    world = reported_milestone()
    assert world.report is not None
    key = world.report.pk
    assert refused(services.return_report, actor=world.officer, report_id=key, reason=" ").field == "reason"
    services.return_report(actor=world.officer, report_id=key, reason="请补充满意度数据")
    assert world.milestone().status == MilestoneStatus.RETURNED
    copy = services.start_report(actor=world.reporter, milestone_id=world.milestone().pk)
    old = PerformanceReport.objects.get(pk=key)
    assert (old.status, old.return_reason) == (ReportStatus.RETURNED, "请补充满意度数据")
    assert (copy.summary, copy.spent, copy.figures.count(), copy.photos.count()) == (old.summary, old.spent, 1, 1)
    services.submit_report(actor=world.reporter, report_id=copy.pk)
    assert world.milestone().status == MilestoneStatus.REPORTED


# lateness and provisional dates


def ours() -> list[str]:
    """What this room had to do in one round of the worker."""
    return [key for key in run_due().done if key.startswith("contracts.")]


def test_a_milestone_without_a_report_is_flagged_once_by_the_clock(market_clock: Any) -> None:
    world = active_contract()
    due = world.milestone().due_on
    market_clock.move_to(datetime(due.year, due.month, due.day, 23, 59, tzinfo=ZONE))
    assert ours() == []
    assert world.milestone().late_flagged_at is None
    market_clock.move_to(datetime(due.year, due.month, due.day, 23, 59, tzinfo=ZONE) + timedelta(minutes=1))
    assert ours() == [f"contracts.flag_late:{world.milestone().pk}"]
    flagged = world.milestone().late_flagged_at
    assert flagged is not None
    assert ours() == []
    flag_late(milestone_id=world.milestone().pk)
    assert world.milestone().late_flagged_at == flagged
    assert world.milestone(2).late_flagged_at is None


def test_a_late_report_is_not_in_time(market_clock: Any) -> None:
    world = active_contract()
    due = world.milestone().due_on
    market_clock.move_to(datetime(due.year, due.month, due.day, tzinfo=ZONE) + timedelta(days=1))
    reported_milestone(world)
    assert world.milestone().was_on_time is False


def test_provisional_dates_roll_when_the_years_table_comes() -> None:
    """R-TIME-08, R-TIME-02: 2 January 2027 is a Saturday."""
    world: World = active_contract(service=(date(2026, 7, 1), date(2027, 1, 2)), shares=(100,))
    milestone = world.milestone()
    assert (milestone.due_on, milestone.is_provisional) == (date(2027, 1, 2), True)
    assert ours() == []
    WorkCalendarYear.objects.create(year=2027, source="国办通知（测试）")
    assert ours() == [f"contracts.roll_due:{milestone.pk}"]
    milestone = Milestone.objects.get(pk=milestone.pk)
    assert (milestone.due_on, milestone.is_provisional) == (date(2027, 1, 4), False)
    assert roll_due(milestone_id=milestone.pk).due_on == date(2027, 1, 4)
