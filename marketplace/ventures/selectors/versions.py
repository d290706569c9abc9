"""An application as text: what stands where, what differs between two versions, and the proof of a receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.audit.selectors import entry_of, inclusion_of

from ..models import ApplicationVersion

ACTIONS = ("application.submitted", "application.replaced", "application.corrected", "application.improved")


@dataclass(frozen=True)
class Passage:
    """One labelled piece of an application; `section` is the block's title."""

    section: str
    label: str
    text: str


@dataclass(frozen=True)
class Difference:
    section: str
    label: str
    before: str
    after: str


def passages_of(content: Mapping[str, Any]) -> list[Passage]:
    """Every answer, in the order of the form."""
    return [*_basics(content["basics"]), *(row for block in content["blocks"] for row in _block(block, content))]


def _basics(basics: Mapping[str, Any]) -> Iterator[Passage]:
    section = str(_("Basics"))
    theme = basics["theme"]["title"] if basics["theme"] else ""
    period = " – ".join(day for day in (basics["starts_on"], basics["ends_on"]) if day)
    yield Passage(section, _("Name of the project"), basics["title"])
    yield Passage(section, _("The project in three sentences"), basics["summary"])
    yield Passage(section, _("Theme"), theme)
    yield Passage(section, _("Where"), basics["place"])
    yield Passage(section, _("Period"), period)


def _block(block: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Passage]:
    title = block["title"]
    if "text" in block:
        yield Passage(title, "", block["text"])
    elif "rows" in block:
        for place, row in enumerate(block["rows"], start=1):
            words = "\n".join(f"{label}：{text}" for label, text in zip(block["columns"], row, strict=False) if text)
            yield Passage(title, _("Row %(n)s") % {"n": place}, words)
    elif block["kind"] == "budget":
        yield from _budget(title, content["budget"])
    else:
        for file in content["files"]:
            if file["block"] == block["key"]:
                yield Passage(title, file["title"], f"{file['name']} ({file['sha256'][:12]}…)")


def _budget(title: str, budget: Mapping[str, Any]) -> Iterator[Passage]:
    for place, line in enumerate(budget["lines"], start=1):
        shares = [f"{share['name']}：{_yuan(share['amount'])}" for share in line["shares"]]
        words = "\n".join([f"{line['name']}：{_yuan(line['amount'])}", line["kind_label"], line["basis"], *shares])
        yield Passage(title, _("Row %(n)s") % {"n": place}, words)
    for key, label in (("total", _("Budget in all")), ("granted", _("Asked of the pots")), ("own", _("Own money"))):
        yield Passage(title, label, _yuan(budget[key]))


def _yuan(amount: str) -> str:
    return f"{Decimal(amount):,.2f} 元"


def page_text(content: Mapping[str, Any], key: str) -> list[tuple[str, str]]:
    """Label and text of one page: beside a stale form."""
    if key == "basics":
        return [(row.label, row.text) for row in _basics(content["basics"])]
    blocks = [block for block in content["blocks"] if block["key"] == key]
    return [(row.label or row.section, row.text) for block in blocks for row in _block(block, content)]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What two versions say differently; a passage that only one has stands beside nothing."""
    old = {(row.section, row.label): row.text for row in passages_of(before)}
    new = {(row.section, row.label): row.text for row in passages_of(after)}
    keys = [*new, *(key for key in old if key not in new)]
    return [
        Difference(*key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")
    ]


def proof_of(version: ApplicationVersion) -> dict[str, Any] | None:
    """That the hash stands in the log under a signed head, with salt and entry, which the public is never given."""
    entry = next((found for action in ACTIONS if (found := entry_of(version, action)) is not None), None)
    inclusion = inclusion_of(entry.number) if entry else None
    if entry is None or inclusion is None:
        return None
    return {"salt": bytes(entry.salt or b"").hex(), "entry": bytes(entry.entry or b"").decode(), **inclusion.as_json()}
