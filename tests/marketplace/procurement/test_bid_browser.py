"""A step in a real browser: saved by itself, files with a progress line, nothing lost on a refusal; axe on every page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.procurement.models import BidDraft, PartStatus
from marketplace.procurement.selectors.bids import answered_criteria
from marketplace.procurement.services.bids import mark_complete, seal_parts
from marketplace.procurement.services.drafts import read_payload, start_draft
from tests.factories.accounts import make_person
from tests.factories.bids import (
    actor_of,
    closed_lot,
    draft_for,
    hand_in,
    make_bidder,
    open_lot,
    operator,
    sealed_bid,
    small_pdf,
)
from tests.support.signed_in import client_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def sign_in(context, live_server, actor) -> None:
    context.clear_cookies()
    cookie = client_for(actor).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def test_a_step_saves_itself_and_takes_files(context, page, live_server, tmp_path) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    criterion = answered_criteria(lot)[0]
    sign_in(context, live_server, bidder)
    page.goto(reverse("procurement:bid-step", args=[draft.pk, f"answer-{criterion.pk}"]))

    page.fill("#id_answer", "自动保存的响应")
    page.wait_for_selector("[data-save-state]:not(:empty)")
    assert read_payload(BidDraft.objects.get())["technical"] == {str(criterion.pk): "自动保存的响应"}
    assert page.input_value("[name=version]") == "2"

    good, bad = tmp_path / "方案.pdf", tmp_path / "假的.pdf"
    good.write_bytes(small_pdf())
    bad.write_bytes(b"MZ" + b"\0" * 4000)
    field = f"#file-technical-{criterion.pk}"
    page.set_input_files(field, str(bad))
    page.fill("#id_answer", "不会丢失的响应")
    page.click("button[name=stay]")
    page.wait_for_selector(".errorlist")
    assert "《假的.pdf》" in page.inner_text(".errorlist")
    assert page.input_value("#id_answer") == "不会丢失的响应"

    page.set_input_files(field, str(good))
    page.click("button[name=stay]")
    page.wait_for_selector(".files li")
    assert "方案.pdf" in page.inner_text(".files")
    payload = read_payload(BidDraft.objects.get())
    assert payload["technical"] == {str(criterion.pk): "不会丢失的响应"}
    assert [meta["name"] for meta in payload["parts"].values()] == ["方案.pdf"]


def test_a_click_while_the_autosave_is_on_its_way_is_not_lost(context, page, live_server, tmp_path) -> None:
    """Neither dropped nor met by a conflict with oneself: it waits for the autosave and goes with its version."""
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    criterion = answered_criteria(lot)[0]
    sign_in(context, live_server, bidder)
    step = reverse("procurement:bid-step", args=[draft.pk, f"answer-{criterion.pk}"])
    page.goto(step)
    waiting = []

    def slowly(route) -> None:
        if route.request.headers.get("accept", "").startswith("application/json"):
            waiting.append(route)
        else:
            route.continue_()

    page.route(f"**{step}", slowly)
    page.fill("#id_answer", "写到一半")
    page.wait_for_timeout(2000)
    assert len(waiting) == 1
    page.fill("#id_answer", "写完了的响应")
    good = tmp_path / "方案.pdf"
    good.write_bytes(small_pdf())
    page.set_input_files(f"#file-technical-{criterion.pk}", str(good))
    page.click("button[name=stay]")
    page.wait_for_timeout(300)
    assert read_payload(BidDraft.objects.get())["technical"] == {}
    waiting[0].continue_()
    page.wait_for_selector(".files li")
    payload = read_payload(BidDraft.objects.get())
    assert payload["technical"] == {str(criterion.pk): "写完了的响应"}
    assert len(payload["parts"]) == 1
    assert not page.query_selector(".error-summary")


def test_the_line_of_the_sealing_moves_by_itself(context, page, live_server, settings) -> None:
    """Numbers from the server, no reload while one reads; the next page comes when all is sealed."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)
    sign_in(context, live_server, bidder)
    page.goto(reverse("procurement:bid-seal", args=[draft.pk]))
    count = draft.parts.count()
    assert page.inner_text("[data-sealing-text]") == f"已封存 0 个，共 {count} 个文件"
    first = draft.parts.order_by("created_at").first()
    draft.parts.filter(pk=first.pk).update(status=PartStatus.SEALED, sealed_size=1, sealed_sha256="0" * 64)
    page.wait_for_selector(f"text=已封存 1 个，共 {count} 个文件")
    assert page.evaluate("document.querySelector('[data-sealing]').value") == 1
    draft.parts.filter(pk=first.pk).update(status=PartStatus.SEALING)
    seal_parts(draft.pk)
    page.wait_for_selector("form[action$='/submit/']")


def test_axe_finds_nothing_on_the_pages(context, page, live_server, axe) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    fresh = make_bidder("新叶助残服务社")
    empty = start_draft(actor=fresh, lot_id=lot.pk)
    criterion = answered_criteria(lot)[0]

    def look(actor, *addresses: str) -> None:
        sign_in(context, live_server, actor)
        for address in addresses:
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address)
                axe(page)

    look(
        bidder,
        reverse("procurement:bid-detail", args=[draft.pk]),
        reverse("procurement:bid-step", args=[draft.pk, "evidence"]),
        reverse("procurement:bid-step", args=[draft.pk, "price"]),
        reverse("procurement:bid-step", args=[draft.pk, f"answer-{criterion.pk}"]),
    )
    look(fresh, reverse("procurement:bid", args=[lot.pk]), reverse("procurement:bid-seal", args=[empty.pk]))
    mark_complete(actor=bidder, draft_id=draft.pk)
    look(bidder, reverse("procurement:bid-seal", args=[draft.pk]))
    bid = sealed_bid(lot)
    receipt = reverse("procurement:bid-receipt", args=[bid.receipt_number])
    look(make_person(bid.body, Role.BIDDER), receipt, reverse("procurement:bid-list"))
    lot = closed_lot(2, lot)
    share = lot.key.shares.order_by("index").first()
    hall = reverse("procurement:opening", args=[lot.pk])
    look(
        actor_of(share.custodian),
        reverse("procurement:custodian"),
        reverse("procurement:opening-share", args=[lot.pk]),
        hall,
    )
    look(operator(), reverse("procurement:custodian-list"), reverse("procurement:outage-list"))
    hand_in(lot)
    look(make_person(lot.tender.buyer, Role.OFFICER), hall, reverse("procurement:opening-list"))
