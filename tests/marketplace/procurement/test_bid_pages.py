"""A bidder's way through the pages, over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.procurement.models import Bid, BidDraft, BidStatus, DraftStatus
from marketplace.procurement.rules.bid_contents import EVIDENCE
from marketplace.procurement.selectors.bids import answered_criteria
from marketplace.procurement.services.drafts import read_payload, start_draft
from tests.factories.bids import draft_for, make_bidder, open_lot, sealed_bid, small_pdf
from tests.factories.review import give_ranges
from tests.support.signed_in import BACKEND

from .test_sealing import found_in_tables

pytestmark = pytest.mark.django_db


def step_url(draft: BidDraft, step: str) -> str:
    return reverse("procurement:bid-step", args=[draft.pk, step])


def pdf(name: str = "证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, small_pdf(), "application/pdf")


def test_a_bid_from_the_notice_to_the_receipt(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    client = client_for(bidder)
    start = reverse("procurement:bid", args=[lot.pk])
    assert client.get(start).status_code == 200
    response = client.post(start)
    draft = BidDraft.objects.get()
    assert response.url == reverse("procurement:bid-detail", args=[draft.pk])
    assert client.get(response.url).status_code == 200

    condition = lot.tender.conditions.exclude(evidence="").get()
    files = {f"file-evidence-{kind}": pdf(f"{kind}.pdf") for kind in (*EVIDENCE, f"condition-{condition.pk}")}
    assert client.get(step_url(draft, "evidence")).status_code == 200
    client.post(step_url(draft, "evidence"), {"version": 1, "note": "齐全", **files})
    client.post(step_url(draft, "declaration"), {"version": 1, "agreed": "on", "name": "林晓晨"})
    client.post(step_url(draft, "price"), {"version": 1, "amount": "１，０００，０００元"})
    for criterion in answered_criteria(lot):
        response = client.post(
            step_url(draft, f"answer-{criterion.pk}"),
            {"version": 1, "answer": "专职团队", f"file-technical-{criterion.pk}": pdf(), "next": "1"},
        )
        assert response.status_code == 302
    client.post(step_url(draft, "related"), {"version": 1, "none": "on"})
    client.post(step_url(draft, "contact"), {"version": 1, "name": "林晓晨", "phone": "021-6"})
    draft.refresh_from_db()
    payload = read_payload(draft)
    assert payload["price"]["amount"] == "1000000.00"
    assert len(payload["parts"]) == 4 + len(answered_criteria(lot))

    seal = reverse("procurement:bid-seal", args=[draft.pk])
    assert "1,000,000.00" in client.get(seal).content.decode()
    client.post(seal)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.READY
    page = client.get(seal).content.decode()
    assert reverse("procurement:bid-copy", args=[draft.pk]) in page
    copy = client.get(reverse("procurement:bid-copy", args=[draft.pk])).getvalue()
    assert copy.startswith(b"PK")

    response = client.post(reverse("procurement:bid-submit", args=[draft.pk]), {})
    bid = Bid.objects.get()
    assert response.url == reverse("procurement:bid-receipt", args=[bid.receipt_number])
    receipt = client.get(response.url).content.decode()
    assert bid.manifest_sha256 in receipt
    file_url = re.search(r"/files/[0-9a-f-]+/", receipt).group()
    assert b"".join(client.get(file_url)).startswith(b"%PDF")
    assert client.get(reverse("procurement:bid-list")).status_code == 200
    again = client.post(reverse("procurement:bid-submit", args=[draft.pk]), {})
    assert again.url == response.url
    assert Bid.objects.count() == 1


def test_a_refused_file_names_what_was_found_and_the_text_stays(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    criterion = answered_criteria(lot)[0]
    url = step_url(draft, f"answer-{criterion.pk}")
    wrong = SimpleUploadedFile("方案.pdf", b"MZ" + b"\0" * 500, "application/pdf")
    response = client_for(bidder).post(
        url, {"version": 1, "answer": "我们的方案", f"file-technical-{criterion.pk}": wrong}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "《方案.pdf》" in page
    assert "我们的方案" in page
    draft.refresh_from_db()
    payload = read_payload(draft)
    assert payload["technical"] == {str(criterion.pk): "我们的方案"}
    assert payload["parts"] == {}


def test_two_tabs_lose_nothing(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client, url = client_for(bidder), step_url(draft, "evidence")
    client.post(url, {"version": 1, "note": "第一个窗口的话"})
    response = client.post(url, {"version": 1, "note": "第二个窗口的话"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "第一个窗口的话" in page
    assert "第二个窗口的话" in page
    assert read_payload(BidDraft.objects.get())["evidence"]["note"] == "第一个窗口的话"
    assert client.post(url, {"version": 2, "note": "合并"}).status_code == 302
    assert read_payload(BidDraft.objects.get())["evidence"]["note"] == "合并"


def test_an_expired_session_in_a_long_answer_loses_nothing(client_for) -> None:
    """The text comes back after signing in, on the step where it was written, and lies in no table in clear."""
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    criterion = answered_criteria(lot)[0]
    url, client = step_url(draft, f"answer-{criterion.pk}"), client_for(bidder)
    client.get(url)
    Session.objects.update(expire_date=clock.machine_now() - timedelta(minutes=1))
    text = "写了两个小时的响应。" * 400
    response = client.post(url, {"version": 1, "answer": text, "next": "1"})
    assert response.status_code == 302
    assert "/accounts/login/" in response.url
    assert found_in_tables("写了两个小时的响应") == []
    person = User.objects.get(pk=bidder.user_id)
    client.force_login(person, backend=BACKEND)
    page = client.get(url).content.decode()
    assert text in page
    assert read_payload(BidDraft.objects.get())["technical"] == {}
    assert client.post(url, {"version": 1, "answer": text}).status_code == 302
    assert read_payload(BidDraft.objects.get())["technical"] == {str(criterion.pk): text}


def test_a_price_typed_in_wan_is_asked_about(client_for) -> None:
    """R-EVAL-21: 100 for 1,000,000 comes back with the question, the amount kept."""
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client, url = client_for(bidder), step_url(draft, "price")
    tick = '<input type="checkbox" name="confirmed"'
    assert tick not in client.get(url).content.decode()
    response = client.post(url, {"version": 1, "amount": "100", "confirmed": "False"})
    assert response.status_code == 422
    assert "1,000,000.00" in response.content.decode()
    assert tick in response.content.decode()
    assert read_payload(BidDraft.objects.get())["price"]["amount"] == ""
    assert client.post(url, {"version": 1, "amount": "1300000.01"}).status_code == 422
    assert client.post(url, {"version": 1, "amount": "100", "confirmed": "on"}).status_code == 302
    assert read_payload(BidDraft.objects.get())["price"]["amount"] == "100.00"


def test_a_stranger_finds_nothing(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    bid = sealed_bid(lot)
    stranger = client_for(make_bidder("别家"))
    part = draft.parts.first()
    for name, key in (("detail", draft.pk), ("seal", draft.pk), ("copy", draft.pk), ("restore", draft.pk)):
        assert stranger.get(reverse(f"procurement:bid-{name}", args=[key])).status_code == 404
    assert stranger.get(step_url(draft, "price")).status_code == 404
    assert stranger.post(step_url(draft, "price"), {"version": 1}).status_code == 404
    assert stranger.get(reverse("procurement:bid-part", args=[draft.pk, part.pk])).status_code == 404
    assert stranger.post(reverse("procurement:bid-submit", args=[draft.pk])).status_code == 404
    assert stranger.get(reverse("procurement:bid-receipt", args=[bid.receipt_number])).status_code == 404
    assert stranger.get(reverse("procurement:bid-proof", args=[bid.receipt_number])).status_code == 404
    assert stranger.post(reverse("procurement:bid-withdraw", args=[bid.receipt_number])).status_code == 404
    assert stranger.get(reverse("procurement:opening", args=[lot.pk])).status_code == 404
    bid.refresh_from_db()
    assert bid.status == BidStatus.SUBMITTED


def test_a_late_submit_comes_back_with_the_page_kept(client_for, market_clock) -> None:
    """R-BID-07: one millisecond late is late."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    client = client_for(bidder)
    client.post(reverse("procurement:bid-seal", args=[draft.pk]))
    market_clock.move_to(lot.tender.deadline + timedelta(milliseconds=1))
    response = client.post(reverse("procurement:bid-submit", args=[draft.pk]), {})
    assert response.status_code == 422
    assert "R-BID-07" in response.content.decode()
    assert not Bid.objects.exists()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.READY


def test_the_range_of_an_objective_criterion_is_stated_with_the_answer(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    give_ranges(lot)
    criterion = next(row for row in answered_criteria(lot) if row.kind == "objective")
    best, other = criterion.ranges.all()[0], criterion.ranges.all()[1]
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client, url = client_for(bidder), step_url(draft, f"answer-{criterion.pk}")
    assert best.text in client.get(url).content.decode()
    assert client.post(url, {"version": 1, "answer": "五名", "stated": best.pk}).status_code == 302
    assert stated_in(draft) == {str(criterion.pk): str(best.pk)}
    stale = client.post(url, {"version": 1, "answer": "四名", "stated": other.pk})
    assert stale.status_code == 422
    assert best.text in stale.context["other_text"][1]
    strange = client.post(url, {"version": 2, "answer": "五名", "stated": "999999"})
    assert strange.status_code == 422
    assert stated_in(draft) == {str(criterion.pk): str(best.pk)}
    client.post(url, {"version": 2, "answer": "五名", "stated": ""})
    assert stated_in(draft) == {str(criterion.pk): ""}


def stated_in(draft: BidDraft) -> dict[str, str]:
    draft.refresh_from_db()
    return read_payload(draft)["stated"]


def test_a_judged_criterion_asks_for_no_range(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    criterion = next(row for row in answered_criteria(lot) if row.kind == "judgement")
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client, url = client_for(bidder), step_url(draft, f"answer-{criterion.pk}")
    assert 'name="stated"' not in client.get(url).content.decode()
    client.post(url, {"version": 1, "answer": "方案", "stated": "1"})
    assert stated_in(draft) == {}
