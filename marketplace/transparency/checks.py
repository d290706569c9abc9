"""Checking what somebody holds in the hand against the log and the published files. Reads only.

Each check answers a `Verdict`: what was found, in a sentence, with the facts behind it. The page computes; whoever
does not trust the page takes the files and computes at home, which every verdict says how to do.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from marketplace.audit import keys, merkle, tree
from marketplace.audit.log import subject_of
from marketplace.audit.models import Head, LogEntry
from marketplace.audit.reading import pdf_text
from marketplace.audit.selectors import inclusion_of
from marketplace.audit.witness import Witness, read_json, read_token
from marketplace.procurement.models import Award, AwardStatus, Bid
from marketplace.procurement.rules.award_file import differences
from marketplace.publication.content import canonical
from marketplace.publication.models import NoticeSnapshot
from marketplace.web.templatetags.web import moment, number

NUMBER = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{3,39}$")
LARGEST = 5 * 1024 * 1024


@dataclass(frozen=True)
class Verdict:
    """`state`: «good», «bad» or «unknown»; `facts` are pairs of label and value."""

    state: str
    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = field(default_factory=tuple)


def check(text: str) -> Verdict:
    """A witness anywhere in the text, else a number of a receipt, a notice or a project."""
    text = text.strip()
    witness = read_token(text) or (read_json(text) if text.startswith("{") else None)
    if witness is not None:
        return check_witness(witness)
    if NUMBER.match(text):
        return check_number(text.upper())
    return Verdict(
        "unknown",
        _("No witness and no number was found in this"),
        _("A witness begins with YZLOG1 and stands at the end of every receipt, letter and notice PDF. "
          "A number looks like SH-2026-0001, SH-GG-2026-0001 or stands on a receipt."),
    )  # fmt: skip


def check_file(content: bytes) -> Verdict:
    """A receipt or notice as PDF, a witness file, a mail as text."""
    if content.startswith(b"%PDF"):
        return check(pdf_text(content))
    return check(content.decode("utf-8", errors="replace"))


def check_witness(witness: Witness) -> Verdict:
    """That the log of today begins with the log that the witness saw."""
    facts = (
        (_("Entries the witness saw"), number(witness.size)),
        (_("Root the witness saw"), witness.root),
        (_("Signed at"), moment(witness.time)),
    )
    if not witness.is_signed:
        return Verdict("bad", _("The witness is damaged: its signature does not fit"), facts=facts)
    if not is_known_key(witness):
        return Verdict("bad", _("The witness was signed by a key that is not this marketplace's"), facts=facts)
    size = tree.current_size()
    if witness.size > size:
        text = _("The log has %(size)s entries now; the witness saw more. Entries are missing: keep this witness safe.")
        return Verdict("bad", _("Entries are missing"), text % {"size": number(size)}, facts)
    if tree.root(witness.size).hex() != witness.root:
        text = _("An entry up to number %(size)s was rewritten after this witness was given. Keep it safe.")
        return Verdict("bad", _("The log was rewritten"), text % {"size": number(witness.size)}, facts)
    text = _("The log has %(size)s entries now and begins with exactly those that this witness saw: "
             "none of them was changed, moved or taken out since.")  # fmt: skip
    return Verdict("good", _("Nothing was rewritten since this witness"), text % {"size": number(size)}, facts)


def is_known_key(witness: Witness) -> bool:
    """Signed by the present key, or by one that signed a published head."""
    return witness.public_key == keys.public_key() or Head.objects.filter(public_key=witness.public_key).exists()


def check_number(wanted: str) -> Verdict:
    notice = NoticeSnapshot.objects.select_related("body", "corrects").filter(number=wanted).first()
    if notice is not None:
        return check_notice(notice)
    receipt = receipt_check(wanted)
    if receipt is not None:
        return receipt
    award = (
        Award.objects.filter(lot__tender__number=wanted, status=AwardStatus.PUBLISHED)
        .exclude(public_data=None)
        .order_by("lot__position")
        .first()
    )
    if award is not None:
        return check_award(award)
    return Verdict(
        "unknown",
        _("Nothing is published under this number"),
        _("Compare it with the paper letter by letter. A tender has an award file only after its result is published, "
          "and a receipt's number is answered only after the opening; the witness on it can be checked at any time."),
    )  # fmt: skip


def check_notice(notice: NoticeSnapshot) -> Verdict:
    """That the content shown today gives the hash that the log has held since the publication."""
    computed = hashlib.sha256(canonical(notice)).hexdigest()
    entry = LogEntry.objects.filter(subject=subject_of(notice), action="notice.published").first()
    facts = [(_("Notice"), f"{notice.number} {notice.title}"), (_("Hash of today's content"), computed)]
    if entry is None:
        return Verdict("bad", _("The log has no entry of this notice"), facts=tuple(facts))
    said = said_in(entry)
    facts += [(_("Hash in the log"), str(said.get("content_sha256", ""))), *place_facts(entry)]
    if said.get("content_sha256") != computed:
        return Verdict("bad", _("The notice is not what was published"), facts=tuple(facts))
    return Verdict(
        "good",
        _("The notice is exactly what was published"),
        _("Its content gives the hash that the log has held since then, and the entry stands in the signed tree."),
        tuple(facts),
    )


def said_in(entry: LogEntry) -> dict[str, Any]:
    return json.loads(bytes(entry.entry or b"{}")).get("facts", {})


def place_facts(entry: LogEntry) -> list[tuple[str, str]]:
    """Number, leaf and whether the entry is proved under the newest head."""
    facts = [(_("Entry"), number(entry.number)), (_("Leaf"), bytes(entry.leaf).hex())]
    proof = inclusion_of(entry.number)
    if proof is None:
        return [*facts, (_("Proof"), _("the next signed head, within the hour, covers it"))]
    leaf, root = bytes(entry.leaf), bytes(proof.head.root)
    holds = merkle.verify_inclusion(leaf, entry.number - 1, proof.head.size, proof.path, root)
    return [*facts, (_("Proof"), _("holds under the signed head") if holds else _("does not hold"))]


def receipt_check(wanted: str) -> Verdict | None:
    """That a receipt's entry stands in the log; before the opening no answer, so that nobody can count bids.

    Whose bid it is, is not said.
    """
    bid = Bid.objects.filter(receipt_number__iexact=wanted).only("pk", "manifest_sha256", "receipt_number").first()
    entry = (
        LogEntry.objects.filter(
            subject=subject_of(bid), action__in=["bid.submitted", "bid.replaced"], disclosed_at__isnull=False
        ).first()
        if bid
        else None
    )
    if bid is None or entry is None:
        return None
    return Verdict(
        "good",
        _("The sealed bid of this receipt stands in the log"),
        _("Compare the hash with the one on your receipt: they must be the same."),
        (
            (_("Receipt"), bid.receipt_number),
            (_("Hash of the sealed bid"), bid.manifest_sha256),
            *place_facts(entry),
        ),
    )


def check_award(award: Award) -> Verdict:
    """Compute scores, ranks and winner again from the published file."""
    data = award.public_data or {}
    found = differences(data)
    facts = (
        (_("Project"), f"{data['project']['number']} {data['project']['title']}"),
        (_("Lot"), data["lot"]["title"]),
        (_("Winner"), data["award"]["name"]),
    )
    if found:
        return Verdict("bad", _("The award cannot be computed from its file"), "；".join(map(str, found)), facts)
    return Verdict(
        "good",
        _("The award follows from the published scores"),
        _("Means, price points, totals and ranks were computed again from the file and agree to the last place."),
        facts,
    )
