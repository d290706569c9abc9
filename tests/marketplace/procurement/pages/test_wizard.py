"""The tender wizard over HTTP: saving, autosaving, both texts of a stale save, refusals on the field, permissions."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.accounts.roles import Role
from marketplace.documents.models import Document
from marketplace.documents.services import store_bytes
from marketplace.procurement.models import Tender, TenderStatus
from marketplace.procurement.services import draft, tender as tenders
from marketplace.procurement.wizard import BY_KEY, STEPS
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import small_pdf
from tests.factories.planning import buyer_people, published_item
from tests.factories.procurement import CRITERIA, make_custodians, save, supplier, tender_draft, tender_draft_ready
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


def edit(tender, key):
    return reverse("procurement:tender-edit", args=[tender.pk, key])


def post(client, tender, key, data, **headers):
    tender.refresh_from_db()
    return client.post(edit(tender, key), {"version": tender.version, **data}, **headers)


QUERIES = {step.key: 22 for step in STEPS} | {
    "timetable": 23,
    "documents": 23,
    "contacts": 23,
    "custodians": 25,
    "review": 25,
}


def test_every_page_opens_with_its_check_list():
    """As many questions to the database as written here, and no more with a longer tender (next test)."""
    tender = tender_draft_ready()
    assert asked_by_pages(tender) == QUERIES
    assert max(QUERIES.values()) <= 25


def test_pages_ask_the_same_for_a_long_tender():
    tender = tender_draft_ready(lots=1)
    officer = tender.people.officer
    save(tender, "lots", rows=[lot_row(n) for n in range(20)])
    save(tender, "eligibility", rows=[{"text": f"条件 {n}", "evidence": ""} for n in range(30)])
    for number in range(20):
        criterion = replace(CRITERIA[0], title=f"方案 {number}", group=f"组 {number}")
        tender.refresh_from_db()
        draft.save_criterion(
            actor=officer, tender_id=tender.pk, version=tender.version, criterion_id=None, criterion=criterion
        )
    assert asked_by_pages(tender) == QUERIES


def lot_row(number):
    return {"title": f"包 {number}", "needs": "一部分", "budget_amount": Decimal(93000), "price_ceiling": None}


def asked_by_pages(tender):
    client = client_for(tender.people.officer)
    urls = {step.key: edit(tender, step.key) for step in STEPS}
    urls["review"] = reverse("procurement:tender-review", args=[tender.pk])
    client.get(urls["needs"])
    asked = {}
    for key, url in urls.items():
        with CaptureQueriesContext(connection) as found:
            response = client.get(url)
        assert response.status_code == 200
        assert key == "review" or str(BY_KEY[key].title) in response.content.decode()
        asked[key] = len(found)
    return asked


def test_plain_save_goes_on_to_the_next_page():
    tender = tender_draft()
    response = post(client_for(tender.people.officer), tender, "needs", {"title": "社区食堂", "needs": "供餐"})
    assert response.status_code == 302 and response.url == edit(tender, "service")
    tender.refresh_from_db()
    assert tender.title == "社区食堂"


def test_autosave_answers_with_version_and_check_list():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    response = post(client, tender, "needs", {"title": "社区食堂", "needs": "供餐"}, HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="version" value="2"' in text and 'id="checks"' in text
    assert "R-TENDER-09" in text  # the needs are too short: the list says so at once


def test_autosave_of_an_unlawful_date_says_what_is_wrong_and_saves_nothing():
    tender = tender_draft()
    data = {"planned_on": "2026-06-15", "deadline": "2026-07-03T09:30", "validity_days": "90"}
    response = post(client_for(tender.people.officer), tender, "timetable", data, HTTP_HX_REQUEST="true")
    assert "R-TENDER-01" in response.content.decode() and "2026-07-06" in response.content.decode()
    before = tender.deadline
    tender.refresh_from_db()
    assert tender.deadline == before


def test_unlawful_date_comes_back_on_the_filled_form():
    """The rule and the earliest lawful date stand at the field (R-TENDER-01)."""
    tender = tender_draft()
    data = {"planned_on": "2026-06-15", "deadline": "2026-07-03T09:30", "validity_days": "60"}
    response = post(client_for(tender.people.officer), tender, "timetable", data)
    assert response.status_code == 422
    errors = response.context["form"].errors["deadline"]
    assert "R-TENDER-01" in errors[0] and "2026-07-06" in errors[0]
    assert 'value="2026-07-03T09:30"' in response.content.decode()


def test_empty_documents_period_means_until_the_deadline():
    tender = tender_draft()
    data = {"planned_on": "2026-06-15", "deadline": "2026-07-08T10:00", "validity_days": "90"}
    assert post(client_for(tender.people.officer), tender, "timetable", data).status_code == 302
    tender.refresh_from_db()
    assert tender.documents_until == tender.deadline


def test_two_officers_see_both_texts_and_lose_none():
    tender = tender_draft()
    first, second = client_for(tender.people.officer), client_for(make_person(tender.buyer, Role.OFFICER))
    opened = tender.version
    first.post(edit(tender, "needs"), {"version": opened, "title": "甲的标题", "needs": "甲的需求"})
    response = second.post(edit(tender, "needs"), {"version": opened, "title": "乙的标题", "needs": "乙的需求"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "甲的需求" in text and "乙的需求" in text
    tender.refresh_from_db()
    assert tender.needs == "甲的需求"
    version = re.search(r'name="version" value="(\d+)"', text)
    second.post(edit(tender, "needs"), {"version": version[1], "title": "乙的标题", "needs": "合并后的需求"})
    tender.refresh_from_db()
    assert tender.needs == "合并后的需求"


def test_stale_autosave_only_warns():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    post(client, tender, "needs", {"title": "甲", "needs": "甲"})
    response = client.post(edit(tender, "needs"), {"version": 1, "title": "乙", "needs": "乙"}, HTTP_HX_REQUEST="true")
    assert "两份内容" in response.content.decode()
    tender.refresh_from_db()
    assert tender.title == "甲"


def test_double_click_saves_once():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    for _click in range(2):
        assert client.post(edit(tender, "needs"), {"version": 1, "title": "甲", "needs": "乙"}).status_code == 302
    tender.refresh_from_db()
    assert tender.version == 2


def lots(*rows):
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": "0"}
    for number, (title, budget) in enumerate(rows):
        data |= {f"rows-{number}-title": title, f"rows-{number}-budget_amount": budget}
    return data


def test_wan_for_yuan_asks_and_then_takes_the_confirmed_amount():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    response = post(client, tender, "lots", {"budget_amount": "186", **lots(("食堂", "186"))})
    assert response.status_code == 422
    assert "1,860,000.00" in response.content.decode()
    assert 'type="checkbox" name="confirmed"' in response.content.decode()
    confirmed = {"budget_amount": "186", "confirmed": "on", **lots(("食堂", "186"))}
    assert post(client, tender, "lots", confirmed).status_code == 302


def test_amounts_may_be_typed_with_their_unit():
    tender = tender_draft()
    data = {"budget_amount": "186 万元", **lots(("北片", "100万"), ("南片", "860,000.00"))}
    assert post(client_for(tender.people.officer), tender, "lots", data).status_code == 302
    assert [str(lot.budget_amount) for lot in tender.lots.all()] == ["1000000.00", "860000.00"]


def test_wrong_sum_is_saved_but_the_check_list_names_it():
    """A draft may be unfinished; what is wrong stands beside it with its article."""
    tender = tender_draft()
    client = client_for(tender.people.officer)
    post(client, tender, "lots", {"budget_amount": "1,860,000", **lots(("食堂", "1,800,000"))})
    text = client.get(edit(tender, "lots")).content.decode()
    assert "各包预算之和为 1,800,000.00 元" in text and "R-PLAN-04" in text


def test_incomplete_row_comes_back_with_its_error():
    tender = tender_draft()
    data = {"budget_amount": "1,860,000", **lots(("", "1,860,000"))}
    response = post(client_for(tender.people.officer), tender, "lots", data)
    assert response.status_code == 422
    assert "title" in response.context["rows"].forms[0].errors


def criterion(**more):
    data = {
        "group": "团队",
        "title": "持证营养师",
        "kind": "objective",
        "points": "20",
        "description": "",
        "rows-TOTAL_FORMS": "2",
        "rows-INITIAL_FORMS": "0",
        "rows-0-text": "3 名以上",
        "rows-0-points": "20",
        "rows-1-text": "1 名",
        "rows-1-points": "6",
    }
    return {**data, **more}


def test_criterion_is_written_on_its_own_page():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    url = reverse("procurement:criterion-add", args=[tender.pk])
    assert client.post(url, {"version": "1", **criterion()}).status_code == 302
    row = tender.criteria.get(title="持证营养师")
    assert [(r.text, r.points) for r in row.ranges.all()] == [("3 名以上", 20), ("1 名", 6)]
    change = reverse("procurement:criterion-change", args=[tender.pk, row.pk])
    assert client.get(change).status_code == 200
    again = client.post(change, {"version": str(Tender.objects.get().version), **criterion(), "stay": "1"})
    assert again["Location"] == change
    stale = client.post(change, {"version": "1", **criterion(title="别的")})
    assert stale.status_code == 422 and "持证营养师" in stale.content.decode() and "别的" in stale.content.decode()
    client.post(reverse("procurement:criterion-remove", args=[tender.pk, row.pk]))
    assert not tender.criteria.filter(title="持证营养师").exists()


def test_custodians_are_chosen_from_proved_keys():
    guards = make_custodians()
    tender = tender_draft()
    client = client_for(tender.people.officer)
    url = edit(tender, "custodians")
    assert client.post(url, {"version": "1", "keys": [guards[0].key.pk]}).status_code == 422
    assert client.post(url, {"version": "1", "keys": [guard.key.pk for guard in guards]}).status_code == 302
    assert tender.custodians.count() == 3


def test_attachment_is_checked_by_content():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    url = reverse("procurement:tender-attach", args=[tender.pk])
    bad = SimpleUploadedFile("点位.pdf", b"MZ not a pdf", content_type="application/pdf")
    client.post(url, {"title": "点位", "file": bad})
    assert not Document.objects.filter(kind="tender_attachment").exists()
    good = SimpleUploadedFile("点位.pdf", small_pdf(), content_type="application/pdf")
    client.post(url, {"title": "点位", "file": good})
    row = Document.objects.get(kind="tender_attachment")
    assert (row.title, row.is_public) == ("点位", False)
    download = reverse("documents:file-download", args=[row.file_id])
    known = {"If-None-Match": f'"{row.file.sha256}"'}
    assert client.get(download, headers=known).status_code == 304  # theirs, and known already
    assert client_for(supplier()).get(download).status_code == 404  # not before publication


def test_attachment_is_taken_out_and_put_back_on_the_page():
    tender = tender_draft_ready()
    client = client_for(tender.people.officer)
    file = SimpleUploadedFile("点位.pdf", small_pdf(), content_type="application/pdf")
    client.post(reverse("procurement:tender-attach", args=[tender.pk]), {"title": "点位", "file": file})
    row = Document.objects.get(kind="tender_attachment")
    remove, back = (reverse(f"procurement:attachment-{verb}", args=[tender.pk, row.pk]) for verb in ("remove", "back"))
    assert remove in client.get(edit(tender, "documents")).content.decode()
    assert client.get(remove).status_code == 405
    client.post(remove, {"version": "1"})  # the page was opened before the file was attached
    assert Document.objects.get(pk=row.pk).removed_at is None
    tender.refresh_from_db()
    assert client.post(remove, {"version": tender.version}).url == edit(tender, "documents")
    page = client.get(edit(tender, "documents")).content.decode()
    assert back in page and remove not in page
    tender.refresh_from_db()
    client.post(back, {"version": tender.version})
    row.refresh_from_db()
    assert row.removed_at is None


def test_what_was_taken_out_is_not_published():
    tender = tender_draft_ready()
    officer = tender.people.officer
    file = store_bytes(small_pdf(), name="草稿.pdf", content_type="application/pdf")
    row = draft.add_attachment(actor=officer, tender_id=tender.pk, title="草稿", file=file)
    tender.refresh_from_db()
    draft.remove_attachment(actor=officer, tender_id=tender.pk, document_id=row.pk, version=tender.version)
    tenders.submit_tender(actor=officer, tender_id=tender.pk)
    tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)
    tender.refresh_from_db()
    download = reverse("documents:file-download", args=[file.pk])
    bidder = client_for(supplier())
    assert "草稿" not in bidder.get(reverse("procurement:tender-public", args=[tender.number])).content.decode()
    assert bidder.get(download).status_code == 404
    known = {"If-None-Match": f'"{file.sha256}"'}
    assert client_for(officer).get(download, headers=known).status_code == 304  # it stays in the record


def test_reason_is_written_from_the_check_list():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    url = reverse("procurement:tender-reason", args=[tender.pk])
    client.post(url, {"rule_id": "R-PLAN-03", "reason": "租约到期", "step": "timetable"})
    assert tender.reasons.get().reason == "租约到期"


def test_two_officers_giving_a_reason_see_both_texts():
    tender = tender_draft()
    first, second = client_for(tender.people.officer), client_for(make_person(tender.buyer, Role.OFFICER))
    url = reverse("procurement:tender-reason", args=[tender.pk])
    data = {"rule_id": "R-PLAN-03", "step": "timetable", "version": "0"}
    first.post(url, {**data, "reason": "租约到期"})
    response = second.post(url, {**data, "reason": "食堂装修"})
    text = response.content.decode()
    assert response.status_code == 422 and "租约到期" in text and "食堂装修" in text
    version = response.context["form"]["version"].value()
    assert second.post(url, {**data, "reason": "食堂装修", "version": version}).url == edit(tender, "timetable")
    assert tender.reasons.get().reason == "食堂装修"


@pytest.mark.parametrize("reason", ["", "长" * 401], ids=["empty", "too long"])
def test_refused_reason_comes_back_on_its_page(reason):
    tender = tender_draft()
    url = reverse("procurement:tender-reason", args=[tender.pk])
    data = {"rule_id": "R-PLAN-03", "reason": reason, "step": "nonsense"}
    response = client_for(tender.people.officer).post(url, data)
    assert response.status_code == 422 and reason in response.content.decode()
    assert tender.reasons.count() == 0


@pytest.mark.parametrize("key", ["needs", "criteria", "custodians", "check"])
def test_stranger_finds_nothing_and_the_wrong_role_is_refused(key):
    tender = tender_draft()
    stranger = client_for(make_person(make_body(), Role.OFFICER))
    bidder = client_for(supplier())
    assert stranger.get(edit(tender, key)).status_code == 404
    assert bidder.get(edit(tender, key)).status_code == 404
    assert client_for(tender.people.finance).get(edit(tender, key)).status_code == 403


def test_unknown_page_is_not_found():
    tender = tender_draft()
    assert client_for(tender.people.officer).get(edit(tender, "nonsense")).status_code == 404


def test_four_eyes_over_http():
    tender = tender_draft_ready()
    officer, approver = client_for(tender.people.officer), client_for(tender.people.approver)
    officer.post(reverse("procurement:tender-submit", args=[tender.pk]))
    assert officer.post(reverse("procurement:tender-publish", args=[tender.pk])).status_code == 403
    review = approver.get(reverse("procurement:tender-review", args=[tender.pk]))
    assert "食堂租约七月底到期" in review.content.decode()  # the reason for the passed warning
    approver.post(reverse("procurement:tender-return", args=[tender.pk]), {"reason": "核对预算"})
    tender.refresh_from_db()
    assert tender.status == TenderStatus.DRAFT
    assert "核对预算" in officer.get(edit(tender, "needs")).content.decode()
    officer.post(reverse("procurement:tender-submit", args=[tender.pk]))
    approver.post(reverse("procurement:tender-publish", args=[tender.pk]))
    tender.refresh_from_db()
    assert tender.number == "SH-2026-0001"
    assert officer.get(edit(tender, "needs")).status_code == 302  # no draft any more


def test_submitting_an_incomplete_draft_names_the_rule():
    tender = tender_draft()
    client = client_for(tender.people.officer)
    response = client.post(reverse("procurement:tender-submit", args=[tender.pk]), follow=True)
    assert "R-GPS-08" in response.content.decode()


def test_preview_is_a_pdf_for_the_tenders_people_only():
    tender = tender_draft_ready()
    url = reverse("procurement:tender-preview", args=[tender.pk])
    response = client_for(tender.people.approver).get(url)
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF-")
    assert client_for(supplier()).get(url).status_code == 404


def test_signed_out_while_typing_leaves_the_form_alone(client):
    """The answer to an autosave is a line in the form: no sign-in page is put into it."""
    tender = tender_draft()
    data = {"version": tender.version, "title": "甲", "needs": "写到一半"}
    response = client.post(edit(tender, "needs"), data, HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert response.status_code == 200
    assert 'id="save-state"' in text and "已退出登录" in text
    assert "<form" not in text and "kept_form" not in response.cookies
    tender.refresh_from_db()
    assert tender.version == 1


def test_long_form_comes_back_after_signing_in_again(client):
    """Every page of the wizard: nothing typed is lost when the session has expired."""
    tender = tender_draft()
    officer = User.objects.get(pk=tender.people.officer.user_id)
    long_text = "为老人供餐。" * 400
    data = {"version": "1", "title": "社区食堂", "needs": long_text}
    kept = client.post(edit(tender, "needs"), data)
    assert kept.status_code == 302 and "/accounts/login/" in kept.url
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(edit(tender, "needs")).content.decode()
    assert long_text in text and 'value="社区食堂"' in text
    tender.refresh_from_db()
    assert tender.needs != long_text  # nothing is sent by itself


def test_rows_come_back_after_signing_in_again(client):
    tender = tender_draft()
    officer = User.objects.get(pk=tender.people.officer.user_id)
    typed = lots(("北片", "1,000,000"), ("南片", "860,000"))
    client.post(edit(tender, "lots"), {"version": "1", "budget_amount": "1,860,000", **typed})
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(edit(tender, "lots")).content.decode()
    assert all(f'value="{value}"' in text for value in ("北片", "南片", "860,000", "1,860,000"))


def test_two_officers_choosing_custodians_see_both_choices():
    *keys, other = [guard.key for guard in make_custodians(4)]
    tender = tender_draft()
    first, second = client_for(tender.people.officer), client_for(make_person(tender.buyer, Role.OFFICER))
    opened, url = tender.version, edit(tender, "custodians")
    first.post(url, {"version": opened, "keys": [key.pk for key in keys]})
    mine = [keys[0].pk, keys[1].pk, other.pk]
    response = second.post(url, {"version": opened, "keys": mine})
    text = response.content.decode()
    assert response.status_code == 422
    assert f"<dd>{keys[2].user}</dd>" in text  # theirs
    assert response.context["form"]["keys"].value() == [str(pk) for pk in mine]  # mine
    assert set(tender.custodians.values_list("key_id", flat=True)) == {key.pk for key in keys}
    version = response.context["form"]["version"].value()
    assert second.post(url, {"version": version, "keys": mine}).status_code == 302
    assert set(tender.custodians.values_list("key_id", flat=True)) == set(mine)


def test_double_click_begins_one_tender():
    people = buyer_people()
    item = published_item(people)
    client = client_for(people.officer)
    places = [client.post(reverse("procurement:tender-begin", args=[item.pk])).url for _click in range(2)]
    assert places[0] == places[1]
    assert item.tenders.count() == 1
