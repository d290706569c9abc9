"""What a bid is made of: the draft's payload, what is missing from it, and the manifest that is sealed.

The payload is plain data that exists only encrypted or in memory. The manifest is what counts, is hashed, logged and
receipted; its canonical bytes (RFC 8785) are the same whenever they are made from the same draft.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import rfc8785
from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, refuse

from .bidding import price_positive, price_within

SECTIONS = ("evidence", "declaration", "price", "technical", "stated", "related", "contact")
EVIDENCE = ("registration", "finance", "capability")
MANIFEST_FORMAT = "yizhao-bid-1"

Payload = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the tender asks of a bid: the judged criteria (id, title), the conditions that want evidence."""

    criteria: tuple[tuple[int, str], ...]
    conditions: tuple[tuple[int, str], ...]
    ceiling: Decimal


def new_payload() -> Payload:
    return {
        "versions": {},
        "evidence": {"note": ""},
        "declaration": {"agreed": False, "name": "", "made_at": ""},
        "price": {"amount": "", "confirmed": False},
        "technical": {},
        "stated": {},
        "related": {"none": False, "rows": "", "subcontracting": ""},
        "contact": {"name": "", "phone": ""},
        "parts": {},
        "nonce": "",
    }


def stored(payload: Payload, section: str) -> Any:
    """What is stored of a section; `technical:12` is the answer to one criterion, so that two tabs may write two."""
    name, _colon, key = section.partition(":")
    return payload[name].get(key, "") if key else payload[name]


def version_of(payload: Payload, section: str) -> int:
    return int(payload["versions"].get(section, 1))


def with_section(payload: Payload, section: str, values: Any) -> Payload:
    """A copy with one section replaced and its version counted up."""
    changed = copy.deepcopy(payload)
    name, _colon, key = section.partition(":")
    if key:
        changed[name][key] = values
    else:
        changed[name] = values
    changed["versions"][section] = version_of(payload, section) + 1
    return changed


def amount_of(payload: Payload) -> Decimal | None:
    text = payload["price"]["amount"]
    return Decimal(text) if text else None


def parts_for(payload: Payload, purpose: str, key: str = "") -> list[tuple[str, dict[str, Any]]]:
    """The parts of a purpose (evidence, technical, annex) in the order of their upload."""
    rows = [
        (part_id, meta)
        for part_id, meta in payload["parts"].items()
        if meta["purpose"] == purpose and (not key or meta["key"] == key)
    ]
    return sorted(rows, key=lambda row: row[1]["order"])


def missing(payload: Payload, asked: Asked) -> list[Decision]:
    """Everything that the bid still lacks, each with its rule and the step (`field`) where it is put right."""
    return [
        *_missing_evidence(payload, asked),
        *_missing_declaration(payload),
        *_missing_price(payload, asked),
        *_missing_answers(payload, asked),
        *_missing_statements(payload),
    ]


def _missing_evidence(payload: Payload, asked: Asked) -> Iterable[Decision]:
    names = {
        "registration": _("Registration certificate"),
        "finance": _("Financial report with tax and social-insurance proof"),
        "capability": _("Proof of equipment and skills"),
    }
    for kind in EVIDENCE:
        if not parts_for(payload, "evidence", kind):
            yield refuse(_("Evidence is missing: %(name)s.") % {"name": names[kind]}, "R-ELIG-02", field="evidence")
    for pk, text in asked.conditions:
        if not parts_for(payload, "evidence", f"condition-{pk}"):
            yield refuse(
                _("Evidence is missing for the condition «%(name)s».") % {"name": text}, "R-ELIG-02", field="evidence"
            )


def _missing_declaration(payload: Payload) -> Iterable[Decision]:
    declaration = payload["declaration"]
    if not (declaration["agreed"] and declaration["name"]):
        yield refuse(_("The declaration on the last three years is not signed."), "R-ELIG-02", field="declaration")


def _missing_price(payload: Payload, asked: Asked) -> Iterable[Decision]:
    """A correction may have lowered the ceiling after the price was typed, so it is looked at again here."""
    price = amount_of(payload)
    if price is None:
        yield refuse(_("The price is missing."), "R-EVAL-21", field="price")
        return
    for decision in (price_positive(price), price_within(price, asked.ceiling)):
        if not decision.allowed:
            yield refuse(decision.reason, decision.rule_id, field="price")


def _missing_answers(payload: Payload, asked: Asked) -> Iterable[Decision]:
    for pk, title in asked.criteria:
        if not payload["technical"].get(str(pk), "").strip() and not parts_for(payload, "technical", str(pk)):
            yield refuse(
                _("There is neither an answer nor a file for the criterion «%(name)s».") % {"name": title},
                "R-EVAL-04",
                field=f"technical:{pk}",
            )


def _missing_statements(payload: Payload) -> Iterable[Decision]:
    related = payload["related"]
    if not (related["none"] or related["rows"].strip()):
        yield refuse(_("State the related parties, or that there are none."), "R-ELIG-05", field="related")
    if not (payload["contact"]["name"] and payload["contact"]["phone"]):
        yield refuse(_("Name a contact with a phone number for this bid."), "R-OPEN-03", field="contact")


def manifest(payload: Payload, *, lot: str, bidder: dict[str, str], sealed: dict[str, tuple[int, str]]) -> bytes:
    """The canonical plaintext of the manifest. `sealed` gives size and SHA-256 of each part's age file."""
    parts = [
        {
            "id": part_id,
            "title": meta["title"],
            "name": meta["name"],
            "purpose": meta["purpose"],
            "key": meta["key"],
            "content_type": meta["content_type"],
            "size": meta["size"],
            "sha256": meta["sha256"],
            "sealed_size": sealed[part_id][0],
            "sealed_sha256": sealed[part_id][1],
        }
        for part_id, meta in sorted(payload["parts"].items(), key=lambda row: row[1]["order"])
    ]
    content = {section: payload[section] for section in SECTIONS}
    return rfc8785.dumps({"format": MANIFEST_FORMAT, "lot": lot, "bidder": bidder, **content, "parts": parts})


HEX = re.compile(r"[0-9a-f]{64}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})\.[0-9]{2}")
KEYS = {
    "evidence": re.compile("|".join([*EVIDENCE, r"condition-[0-9]{1,10}"])),
    "technical": re.compile(r"[0-9]{1,18}"),
    "annex": re.compile(""),
}
SHAPE: dict[str, dict[str, type]] = {
    "bidder": {"name": str, "code": str},
    "evidence": {"note": str},
    "declaration": {"agreed": bool, "name": str, "made_at": str},
    "price": {"amount": str, "confirmed": bool},
    "related": {"none": bool, "rows": str, "subcontracting": str},
    "contact": {"name": str, "phone": str},
}
PART: dict[str, type] = {
    **dict.fromkeys(("id", "title", "name", "purpose", "key", "content_type", "sha256", "sealed_sha256"), str),
    **dict.fromkeys(("size", "sealed_size"), int),
}


def is_well_formed(found: Any) -> bool:
    """Whether something is a manifest in every field, so that whoever reads it later cannot stumble.

    A bidder may write an own copy by hand and start a version from it; what is sealed is opened together with the
    others' bids, and one crooked manifest must not keep them closed.
    """
    if not isinstance(found, dict) or found.get("format") != MANIFEST_FORMAT or not isinstance(found.get("lot"), str):
        return False
    technical, stated, parts = found.get("technical"), found.get("stated"), found.get("parts")
    if not all(_has_shape(found.get(name), shape) for name, shape in SHAPE.items()):
        return False
    if not AMOUNT.fullmatch(found["price"]["amount"]) or not isinstance(technical, dict) or not isinstance(parts, list):
        return False
    if not all(KEYS["technical"].fullmatch(key) and isinstance(text, str) for key, text in technical.items()):
        return False
    if not isinstance(stated, dict) or not all(_is_stated(key, chosen) for key, chosen in stated.items()):
        return False
    return all(_is_part(part) for part in parts) and len({part["id"] for part in parts}) == len(parts)


def _is_stated(key: Any, chosen: Any) -> bool:
    """Criterion → the range that the bidder says its evidence meets; empty: none was named."""
    return isinstance(chosen, str) and all(KEYS["technical"].fullmatch(text) for text in (key, chosen or key))


def _has_shape(found: Any, shape: dict[str, type]) -> bool:
    if not isinstance(found, dict) or found.keys() != shape.keys():
        return False
    return all(type(found[name]) is kind for name, kind in shape.items())


def _is_part(part: Any) -> bool:
    if not _has_shape(part, PART) or part["purpose"] not in KEYS or not KEYS[part["purpose"]].fullmatch(part["key"]):
        return False
    hashes = (part["sha256"], part["sealed_sha256"])
    return bool(UUID.fullmatch(part["id"])) and all(HEX.fullmatch(value) for value in hashes) and part["size"] >= 0
