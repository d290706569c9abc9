"""The applicant's pages over HTTP: without JavaScript, while typing, with two editors, with what people really type."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.documents.generation import build_document
from marketplace.ventures.models import Application, ApplicationStatus, BlockKind
from marketplace.ventures.selectors.application import OWN, share_field
from marketplace.ventures.services import form as composer
from tests.factories import ventures
from tests.factories.accounts import make_person
from tests.factories.applications import (
    add_file,
    again,
    applicant,
    closed_call,
    filled_application,
    hand_in,
    key_of,
    save,
    started_application,
    submitted_application,
)
from tests.factories.organizations import pdf_upload
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


def edit(application, key):
    return reverse("ventures:application-edit", args=[application.pk, key])


def colleague(application):
    return make_person(application.body, Role.BIDDER)


def fetched(client, url: str):
    """A download, read to its end."""
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def rows_data(prefix: str, rows: list[dict], initial: int = 0) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for place, row in enumerate(rows):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def test_from_the_public_page_to_the_first_page_of_the_draft():
    call, actor = ventures.open_call(), applicant()
    client = client_for(actor)
    begin = reverse("ventures:application-begin", args=[call.number])
    assert begin in client.get(call.get_absolute_url()).content.decode()
    text = client.get(begin).content.decode()
    assert "R-VENT-08" in text and "R-TIME-07" in text
    response = client.post(begin)
    application = Application.objects.get()
    assert response.url == edit(application, "basics") and client.get(response.url).status_code == 200
    assert client.post(begin).status_code == 422 and Application.objects.count() == 1


def test_who_may_not_apply_is_told_why_and_gets_no_button():
    call = ventures.open_call()
    text = (
        client_for(call.people.officer).get(reverse("ventures:application-begin", args=[call.number])).content.decode()
    )
    assert '<form method="post" data-once>' not in text and "R-VENT-08" in text


def test_who_may_not_apply_and_presses_the_button_is_told_as_well():
    call = ventures.open_call()
    client = client_for(call.people.officer)
    assert client.post(reverse("ventures:application-begin", args=[call.number])).status_code == 422
    assert not Application.objects.exists()


def test_the_whole_application_is_written_and_handed_in_without_a_script():
    application = started_application()
    client = client_for(application.actor)
    for block in [None, *range(10)]:
        page = client.get(edit(application, "basics" if block is None else "b1"))
        assert page.status_code == 200
    data = {"version": 1, "title": "助浴上门", "summary": "为失能老人助浴。", "place": "江宁路街道"}
    data |= {"theme_id": application.call.themes.first().pk, "starts_on": "2026-09-01", "ends_on": "2027-06-30"}
    response = client.post(edit(application, "basics"), data)
    assert response.status_code == 302 and response.url == edit(application, "b1")
    application = filled_application(application.call, applicant())
    client = client_for(application.actor)
    check = reverse("ventures:application-check", args=[application.pk])
    assert client.get(check).status_code == 200
    response = client.post(check, {"version": application.version, "declares": "on"})
    version = application.versions.get()
    assert response.url == reverse("ventures:application-receipt", args=[application.pk, version.receipt_number])
    text = client.get(response.url).content.decode()
    assert version.receipt_number in text and version.sha256 in text


def test_handing_in_what_is_not_complete_names_the_first_open_point():
    application = started_application()
    client = client_for(application.actor)
    response = client.post(
        reverse("ventures:application-check", args=[application.pk]), {"version": 1, "declares": "on"}
    )
    assert response.status_code == 422 and "R-VENT-01" in response.content.decode()
    assert again(application).status == ApplicationStatus.DRAFT


def test_autosave_answers_with_version_and_check_list():
    application = started_application()
    client = client_for(application.actor)
    response = client.post(edit(application, "b1"), {"version": 1, "text": "居民说缺照应"}, HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert 'name="version" value="2"' in text and 'id="checks"' in text and "1,500" in text


@pytest.fixture
def long_text():
    """A call whose first block takes 3,000 characters, and an application to it."""
    call = ventures.call_draft_ready(opens_at=ventures.clock.now())
    from dataclasses import replace

    from marketplace.ventures.selectors.call import draft_blocks
    from marketplace.ventures.services import call as calls

    block = replace(draft_blocks(call)[0], most_characters=3000)
    composer.save_block(actor=call.people.officer, call_id=call.pk, key="b1", version=call.version, block=block)
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    calls.publish_call(actor=call.people.approver, call_id=call.pk)
    return started_application(ventures.again(call))


def test_three_thousand_characters_with_emoji_and_crlf(long_text):
    client = client_for(long_text.actor)
    line = "独居老人👵🏽需要照应\r\n"  # 11 code points and one new line, as a browser sends it
    text = line * 230
    text += "好" * (3000 - len(text.replace("\r\n", "\n")) - 1) + "完"
    assert len(text.replace("\r\n", "\n")) == 3000 < len(text)
    page = client.get(edit(long_text, "b1")).content.decode()
    assert "maxlength" not in page
    assert client.post(edit(long_text, "b1"), {"version": 1, "text": text}).status_code == 302
    assert long_text.texts.get(block="b1").text == text.replace("\r\n", "\n")
    response = client.post(edit(long_text, "b1"), {"version": 2, "text": text + "多"})
    shown = response.content.decode()
    assert response.status_code == 422 and "3,001" in shown and "完多" in shown
    assert long_text.texts.get(block="b1").text == text.replace("\r\n", "\n")


def test_two_editors_lose_nothing():
    application = started_application()
    first, second = client_for(application.actor), client_for(colleague(application))
    first.post(edit(application, "b1"), {"version": 1, "text": "甲的文字"})
    typing = second.post(edit(application, "b1"), {"version": 1, "text": "乙的文字"}, HTTP_HX_REQUEST="true")
    assert "甲的文字" not in typing.content.decode() and application.texts.get(block="b1").text == "甲的文字"
    response = second.post(edit(application, "b1"), {"version": 1, "text": "乙的文字"})
    shown = response.content.decode()
    assert response.status_code == 422 and "甲的文字" in shown and "乙的文字" in shown
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    assert second.post(edit(application, "b1"), {"version": version, "text": "乙的文字"}).status_code == 302
    assert application.texts.get(block="b1").text == "乙的文字"


def test_another_page_is_not_stale():
    application = started_application()
    save(application, "b1", {"text": "甲"})
    client = client_for(colleague(application))
    assert client.post(edit(application, "b6"), {"version": 1, "text": "乙"}).status_code == 302


def test_rows_with_gaps_are_kept_and_named():
    application = started_application()
    client = client_for(application.actor)
    rows = rows_data("b3", [{"goal": "有人照应", "activity": "", "output": "", "outcome": ""}])
    assert client.post(edit(application, "b3"), {"version": 1, **rows}).status_code == 302
    assert application.cells.get(column=0).text == "有人照应"
    page = client.get(edit(application, "b3")).content.decode()
    assert "有人照应" in page and "R-VENT-12" in page
    rows = rows_data("b3", [{"goal": "", "activity": "", "output": "", "outcome": ""}], initial=1)
    assert client.post(edit(application, "b3"), {"version": 2, **rows}).status_code == 302
    assert not application.cells.exists()


def test_a_budget_is_linted_while_typing():
    application = started_application()
    client = client_for(application.actor)
    key, pot = key_of(application, BlockKind.BUDGET), application.call.pots.all()[0]
    line = {
        "kind": "direct",
        "name": "公务接待",
        "basis": "",
        "amount": "1万",
        share_field(pot.pk): "6000",
        OWN: "3000",
    }
    response = client.post(edit(application, key), {"version": 1, **rows_data(key, [line])}, HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert "R-SCOPE-02" in text and "1,000.00" in text and "R-LOT-03" in text and "公务接待" in text
    assert application.budget.get().shares.count() == 2


def test_an_empty_extra_row_of_the_budget_is_no_row():
    application = started_application()
    key = key_of(application, BlockKind.BUDGET)
    line = {"kind": "direct", "name": "", "basis": "", "amount": "", OWN: ""}
    data = {"version": 1, **rows_data(key, [line])}
    assert client_for(application.actor).post(edit(application, key), data).status_code == 302
    assert not application.budget.exists()


def test_files_go_in_out_and_back():
    application = started_application()
    client, key = client_for(application.actor), key_of(application, BlockKind.ATTACHMENTS)
    url = reverse("ventures:application-files", args=[application.pk, key])
    assert client.post(url, {"title": "登记证书", "file": pdf_upload()}).status_code == 302
    row = application.files.get()
    assert reverse("documents:file-download", args=[row.file_id]) in client.get(url).content.decode()
    assert fetched(client, reverse("documents:file-download", args=[row.file_id])).status_code == 200
    client.post(reverse("ventures:application-file-remove", args=[application.pk, row.pk]))
    assert application.files.get().removed_at is not None
    client.post(reverse("ventures:application-file-restore", args=[application.pk, row.pk]))
    assert application.files.get().removed_at is None
    wrong = client.post(url, {"title": "假的", "file": pdf_upload("a.pdf").__class__("a.pdf", b"no pdf")})
    assert wrong.status_code == 422 and application.files.count() == 1


def test_nobody_else_finds_it_before_the_closing(market_clock):
    application = hand_in(add_file(filled_application()))
    call, file = application.call, application.files.get().file_id
    officer, stranger = client_for(call.people.officer), client_for(applicant())
    listing = reverse("ventures:call-applications", args=[call.pk])
    read = reverse("ventures:application-review", args=[application.pk])
    download = reverse("documents:file-download", args=[file])
    assert officer.get(listing).status_code == 403 and officer.get(read).status_code == 404
    assert fetched(officer, download).status_code == 404
    assert stranger.get(reverse("ventures:application-detail", args=[application.pk])).status_code == 404
    detail = officer.get(reverse("ventures:call-detail", args=[call.pk])).content.decode()
    assert application.title not in detail and application.body.name not in detail
    closed_call(call)
    assert application.title in officer.get(listing).content.decode()
    assert officer.get(read).status_code == 200 and fetched(officer, download).status_code == 200
    assert stranger.get(read).status_code == 404


def test_what_was_never_handed_in_stays_closed(market_clock):
    application = filled_application()
    closed_call(application.call)
    officer = client_for(application.call.people.officer)
    assert officer.get(reverse("ventures:application-review", args=[application.pk])).status_code == 404
    assert (
        application.title
        not in officer.get(reverse("ventures:call-applications", args=[application.call_id])).content.decode()
    )


def test_withdrawn_and_written_on():
    application = submitted_application()
    client = client_for(application.actor)
    client.post(reverse("ventures:application-withdraw", args=[application.pk]))
    assert again(application).status == ApplicationStatus.WITHDRAWN
    client.post(reverse("ventures:application-reopen", args=[application.pk]))
    assert again(application).status == ApplicationStatus.DRAFT
    assert client.get(reverse("ventures:application-detail", args=[application.pk])).status_code == 200


def test_receipt_and_own_copy_as_pdf():
    application = submitted_application()
    version = application.versions.get()
    for kind in ("application_receipt", "application_copy"):
        build_document(kind, version)
    client = client_for(application.actor)
    text = client.get(
        reverse("ventures:application-receipt", args=[application.pk, version.receipt_number])
    ).content.decode()
    links = re.findall(r"/files/[0-9a-f-]+/", text)
    assert len(set(links)) == 2
    for link in set(links):
        assert fetched(client, link).headers["Content-Type"] == "application/pdf"
        assert client_for(application.call.people.officer).get(link).status_code == 404


def test_answers_of_an_earlier_application_are_taken_over(market_clock):
    earlier = hand_in(add_file(filled_application()))
    closed_call(earlier.call)
    later = started_application(ventures.open_call(), earlier.actor)
    client = client_for(earlier.actor)
    assert earlier.title in client.get(edit(later, "basics")).content.decode()
    client.post(reverse("ventures:application-reuse", args=[later.pk, earlier.pk]))
    later = again(later)
    assert later.copied_from_id == earlier.pk and later.title == earlier.title
    assert later.texts.get(block="b1").text == earlier.texts.get(block="b1").text
    assert later.files.get().file_id == earlier.files.get().file_id and not later.budget.exists()
    assert later.theme.call_id == later.call_id
    stranger = started_application(later.call)
    reuse = reverse("ventures:application-reuse", args=[stranger.pk, earlier.pk])
    assert client_for(stranger.actor).post(reuse).status_code == 404
    assert again(stranger).copied_from_id is None


def test_the_list_of_the_own_applications():
    application = started_application()
    client = client_for(application.actor)
    assert str(application.pk) in client.get(reverse("ventures:application-list")).content.decode()
    assert client_for(applicant()).get(reverse("ventures:application-list")).status_code == 200
    assert client_for(application.call.people.officer).get(reverse("ventures:application-list")).status_code == 403
