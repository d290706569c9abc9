"""What is missing from a bid (R-ELIG-02, R-EVAL-21, R-EVAL-04, R-ELIG-05), and what a manifest looks like."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from marketplace.procurement.rules.bid_contents import (
    EVIDENCE,
    Asked,
    is_well_formed,
    manifest,
    missing,
    new_payload,
    stored,
    version_of,
    with_section,
)

ASKED = Asked(((7, "服务方案"), (8, "团队")), ((3, "备案回执"),), Decimal("1300000.00"))


def part(number: int, purpose: str, key: str = "") -> tuple[str, dict[str, Any]]:
    meta = {
        "order": number,
        "title": f"文件{number}",
        "name": f"文件{number}.pdf",
        "purpose": purpose,
        "key": key,
        "content_type": "application/pdf",
        "size": 1000 + number,
        "sha256": f"{number:064x}",
        "problem": "",
    }
    return str(UUID(int=number)), meta


def complete() -> dict[str, Any]:
    payload = new_payload()
    payload["declaration"] = {"agreed": True, "name": "林晓晨", "made_at": "2026-06-15T09:00:00+08:00"}
    payload["price"] = {"amount": "1000000.00", "confirmed": False}
    payload["technical"] = {"7": "专职团队"}
    payload["related"]["none"] = True
    payload["contact"] = {"name": "林晓晨", "phone": "021-60000001"}
    places = [
        *(("evidence", kind) for kind in EVIDENCE),
        ("evidence", "condition-3"),
        ("technical", "8"),
        ("annex", ""),
    ]
    payload["parts"] = dict(part(number, *place) for number, place in enumerate(places, start=1))
    return payload


def without(*path: str) -> Callable[[dict[str, Any]], None]:
    def empty(payload: dict[str, Any]) -> None:
        for name in path[:-1]:
            payload = payload[name]
        payload[path[-1]] = type(payload[path[-1]])()

    return empty


def without_part(number: int) -> Callable[[dict[str, Any]], None]:
    return lambda payload: payload["parts"].pop(str(UUID(int=number)))


def priced(amount: str) -> Callable[[dict[str, Any]], None]:
    return lambda payload: payload["price"].update(amount=amount)


def test_a_complete_bid_lacks_nothing() -> None:
    assert missing(complete(), ASKED) == []


@pytest.mark.parametrize(
    ("change", "rule_id", "field"),
    [
        (without_part(1), "R-ELIG-02", "evidence"),
        (without_part(2), "R-ELIG-02", "evidence"),
        (without_part(3), "R-ELIG-02", "evidence"),
        (without_part(4), "R-ELIG-02", "evidence"),
        (without("declaration", "agreed"), "R-ELIG-02", "declaration"),
        (without("declaration", "name"), "R-ELIG-02", "declaration"),
        (without("price", "amount"), "R-EVAL-21", "price"),
        (priced("0.00"), "R-EVAL-21", "price"),
        (priced("1300000.01"), "R-EVAL-21", "price"),
        (without("technical", "7"), "R-EVAL-04", "technical:7"),
        (without_part(5), "R-EVAL-04", "technical:8"),
        (without("related", "none"), "R-ELIG-05", "related"),
        (without("contact", "name"), "R-OPEN-03", "contact"),
        (without("contact", "phone"), "R-OPEN-03", "contact"),
    ],
    ids=[
        *EVIDENCE,
        "a condition's evidence",
        "declaration not agreed",
        "declaration without a name",
        "no price",
        "price of zero",
        "price above the ceiling",
        "no answer",
        "no file instead of an answer",
        "related parties",
        "contact's name",
        "contact's phone",
    ],
)
def test_what_is_missing_is_named_with_its_rule_and_its_step(change, rule_id: str, field: str) -> None:
    payload = complete()
    change(payload)
    (decision,) = missing(payload, ASKED)
    assert (decision.blocks, decision.rule_id, decision.field) == (True, rule_id, field)
    assert str(decision.reason)


def test_two_answers_have_versions_of_their_own() -> None:
    payload = with_section(new_payload(), "technical:7", "甲")
    payload = with_section(payload, "technical:8", "乙")
    assert (version_of(payload, "technical:7"), version_of(payload, "technical:8")) == (2, 2)
    assert (stored(payload, "technical:7"), stored(payload, "technical:9")) == ("甲", "")


# --- the manifest


def sealed_manifest() -> dict[str, Any]:
    payload = complete()
    sealed = dict.fromkeys(payload["parts"], (2000, "ab" * 32))
    bidder = {"name": "晨曦社区服务中心", "code": "52310106MJ4953241A"}
    content = manifest(payload, lot="SH-2026-0001-1", bidder=bidder, sealed=sealed)
    assert content == manifest(copy.deepcopy(payload), lot="SH-2026-0001-1", bidder=bidder, sealed=sealed)
    return json.loads(content)


def test_what_is_sealed_is_well_formed() -> None:
    assert is_well_formed(sealed_manifest())


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(found: Any) -> None:
        for name in path[:-1]:
            found = found[name]
        found[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("format", value="yizhao-bid-2"),
        put("lot", value=7),
        put("bidder", value={"name": "甲"}),
        put("price", "amount", value="1e6"),
        put("price", "amount", value="-5.00"),
        put("price", "amount", value="NaN"),
        put("price", "amount", value="1000000.000"),
        put("price", "amount", value="1234567890123.00"),
        put("price", "amount", value=1000000),
        put("price", "currency", value="USD"),
        put("declaration", "agreed", value="yes"),
        put("related", value=[]),
        put("technical", value={"7; DROP": "x"}),
        put("technical", value={"7": {"text": "x"}}),
        put("parts", value={}),
        put("parts", 0, value="x"),
        put("parts", 0, "id", value="../../keys/seal.key"),
        put("parts", 0, "purpose", value="invented"),
        put("parts", 4, "key", value="not a number"),
        put("parts", 0, "key", value="condition-" + "9" * 40),
        put("parts", 0, "title", value=None),
        put("parts", 0, "size", value=-1),
        put("parts", 0, "size", value=True),
        put("parts", 0, "sha256", value="ab"),
        put("parts", 1, "id", value=str(UUID(int=1))),
    ],
)
def test_a_crooked_manifest_is_known(change) -> None:
    """Each would have stopped the opening of everybody's bids, or of one page, later."""
    found = sealed_manifest()
    change(found)
    assert not is_well_formed(found)


@pytest.mark.parametrize("found", [None, [], "x", 7, {}, {"format": "yizhao-bid-1"}])
def test_what_is_no_manifest_at_all(found: Any) -> None:
    assert not is_well_formed(found)
