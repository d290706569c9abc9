"""Checking what somebody holds: witnesses, notices, awards, receipts."""

from __future__ import annotations

import dataclasses

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from marketplace.audit import heads
from marketplace.audit.models import LogEntry
from marketplace.documents.generation import latest_document
from marketplace.documents.services import open_file
from marketplace.procurement.models import Award, Bid
from marketplace.transparency.checks import check, check_file
from tests.factories.bids import closed_lot, opened_lot
from tests.factories.publication import published_notice
from tests.factories.review import awarded_lot

pytestmark = pytest.mark.django_db


def witness():
    heads.fix_head()
    return heads.newest()


def test_a_witness_of_an_untouched_log_is_good(client):
    published_notice()
    token = witness().token
    published_notice("result")
    verdict = check(token)
    assert (verdict.state, verdict.title) == ("good", "见证之后没有任何改写")
    broken_lines = token[:30] + "\n " + token[30:]
    answer = client.post("/verify/", {"text": f"回执\n{broken_lines}\n请保存"})
    assert answer.context["verdict"].state == "good"


def test_a_rewritten_log_is_found_by_an_old_witness():
    published_notice()
    token = witness().token
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_treenode WHERE level > 0")
        cursor.execute("UPDATE audit_logentry SET leaf = %s WHERE number = 1", [b"\x01" * 32])
        cursor.execute("UPDATE audit_treenode SET hash = %s WHERE level = 0", [b"\x01" * 32])
    if LogEntry.objects.count() > 1:
        pytest.skip("the tree of more than one entry needs its nodes rebuilt")
    assert (check(token).state, check(token).title) == ("bad", "日志被改写过")


def test_a_damaged_or_foreign_witness_is_not_good():
    published_notice()
    seen = witness()
    assert check(dataclasses.replace(seen, size=seen.size + 1).token).state == "bad"
    assert check(dataclasses.replace(seen, root="0" * 64).token).title == "见证码已损坏：签名不符"


def test_a_witness_file_and_a_receipt_as_pdf(client):
    import json

    snapshot = published_notice()
    seen = witness()
    assert check(json.dumps(seen.as_json())).state == "good"
    printed = published_notice("result", body=snapshot.body)
    with open_file(latest_document("notice", printed).file) as file:
        content = file.read()
    assert check_file(content).state == "good"
    answer = client.post("/verify/", {"file": SimpleUploadedFile("公告.pdf", content, "application/pdf")})
    assert answer.context["verdict"].state == "good"


def test_a_broken_pdf_is_no_witness(client):
    answer = client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.4 nothing", "application/pdf")})
    assert (answer.status_code, answer.context["verdict"].state) == (200, "unknown")


def test_a_notice_is_compared_with_its_entry(client):
    snapshot = published_notice()
    heads.fix_head()
    verdict = client.get(f"/verify/?notice={snapshot.number.lower()}").context["verdict"]
    assert verdict.state == "good"
    facts = dict(verdict.facts)
    assert facts["今日内容的哈希值"] == facts["日志中的哈希值"] == snapshot.content_sha256
    assert facts["证明"] == "在签名根之下成立"


def test_a_notice_changed_in_the_database_is_found():
    snapshot = published_notice()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publication_noticesnapshot SET title = '改过的标题' WHERE id = %s", [snapshot.pk])
    assert check(snapshot.number).title == "公告与发布时不一致"


def test_an_award_is_computed_again(client):
    award = awarded_lot(bids=3)
    number = award.lot.tender.number
    assert client.get(f"/verify/?number={number}").context["verdict"].state == "good"
    data = award.public_data
    data["bids"][0]["total"] = "1.00"
    Award.objects.filter(pk=award.pk).update(public_data=data)
    assert check(number).state == "bad"


def test_a_receipt_is_answered_after_the_opening_only():
    lot = closed_lot()
    receipt = Bid.objects.filter(lot=lot).first().receipt_number
    nothing = check("TB-20260615-ABCDEFGH")
    assert check(receipt) == nothing
    assert nothing.state == "unknown"


def test_after_the_opening_a_receipt_stands_in_the_log():
    lot = opened_lot()
    bid = Bid.objects.filter(lot=lot).first()
    verdict = check(bid.receipt_number)
    assert verdict.state == "good"
    assert ("密封投标的哈希值", bid.manifest_sha256) in verdict.facts
    assert bid.body.name not in str(verdict)


@pytest.mark.parametrize("text", ["SH-2026-9999", "随便写的话", "<script>", "a", "YZLOG1.1.2.3"])
def test_what_says_nothing_is_unknown(text):
    assert check(text).state == "unknown"


def test_an_empty_form_says_what_to_enter(client):
    answer = client.post("/verify/", {})
    assert answer.status_code == 422
    assert "请填写编号或见证码，或选择一个文件。" in answer.content.decode()


def test_a_file_too_large_is_refused_with_its_limit(client):
    large = SimpleUploadedFile("large.pdf", b"0" * (5 * 1024 * 1024 + 1), "application/pdf")
    answer = client.post("/verify/", {"file": large})
    assert answer.status_code == 422
    assert answer.context["form"].has_error("file")
