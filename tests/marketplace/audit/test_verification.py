"""`verify_log`: a rewritten byte is found and named; a log rewritten whole is found by whoever kept one receipt."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet

from marketplace.accounts.actors import SYSTEM
from marketplace.accounts.models import Body
from marketplace.audit import heads, keys, merkle, tree
from marketplace.audit.disclosure import Stage
from marketplace.audit.erasure import erase_entries
from marketplace.audit.models import Head, LogEntry, TreeNode
from marketplace.audit.verification import verify
from marketplace.audit.witness import Witness, signed_bytes
from marketplace.core.exceptions import Refused
from tests.support.clock import MarketClock

Record = Callable[..., None]


def run(*args: Any) -> str:
    """The command's words; raises CommandError (exit 1) when the log does not hold."""
    out = io.StringIO()
    call_command("verify_log", *args, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def log(record: Record, market_clock: MarketClock) -> None:
    """13 entries and three heads."""
    for part in range(3):
        record("tender.published", "bid.submitted", "bid.opened", "review.started", turn=part)
        market_clock.advance(hours=1)
        heads.fix_head()
    record("notice.published")


def test_a_good_log_holds(log: None) -> None:
    report = verify()
    assert report.findings == []
    assert (report.size, report.heads, report.erased) == (13, 3, 0)
    assert report.root == tree.root(13)
    assert "13" in run()


def test_an_empty_log_holds(db: None) -> None:
    assert verify().is_good
    assert heads.newest() is None


def flip(value: Any) -> Any:
    """One byte of a value changed."""
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    data = bytearray(value)
    data[len(data) // 2] ^= 1
    return bytes(data)


@pytest.mark.parametrize("column", ["salt", "entry", "leaf", "action", "subject", "project", "actor", "stage"])
@pytest.mark.parametrize("number", [1, 6, 13])
def test_one_changed_byte_is_found_and_named(log: None, number: int, column: str) -> None:
    row = LogEntry.objects.get(number=number)
    value = "never" if column == "stage" else flip(getattr(row, column))
    LogEntry.objects.filter(number=number).update(**{column: value})
    report = verify()
    assert report.first is not None
    assert report.first.number == number
    with pytest.raises(CommandError, match=rf"\b{number}\b"):
        run()


@pytest.mark.parametrize("column", ["market_time", "machine_time", "disclosed_at"])
def test_a_changed_time_is_found_and_named(log: None, column: str, market_clock: MarketClock) -> None:
    LogEntry.objects.filter(number=5).update(**{column: market_clock.now})
    assert verify().first.number == 5  # type: ignore[union-attr]


def raw(column: str, number: int, value: str) -> None:
    """What the database takes and the model would not."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_logentry SET {column} = %s WHERE number = %s", [value, number])


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL takes no text for a time")
@pytest.mark.parametrize("column", ["market_time", "machine_time"])
@pytest.mark.parametrize("value", ["2026-06-15 01:00;00", "2026-16-15 01:00:00"])
def test_a_time_that_is_none_any_more_is_named(log: None, column: str, value: str) -> None:
    raw(column, 6, value)
    with pytest.raises(CommandError, match=r"\b6\b"):
        run()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL takes no text for a time")
def test_a_head_that_cannot_be_read_is_named(log: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_head SET market_time = '2026-16-15 01:00:00' WHERE size = 8")
    with pytest.raises(CommandError, match=r"\b8\b"):
        run()


def test_an_unknown_stage_is_named(log: None) -> None:
    raw("stage", 6, "oow")
    with pytest.raises(CommandError, match=r"\b6\b"):
        run()


def test_an_entry_marked_as_erased_that_is_not_is_named(log: None, market_clock: MarketClock) -> None:
    LogEntry.objects.filter(number=6).update(erased_at=market_clock.now)
    with pytest.raises(CommandError, match=r"\b6\b"):
        run()


def test_what_concerns_an_entry_is_named_before_what_concerns_none(log: None) -> None:
    TreeNode.objects.create(level=9, index=9, hash=b"x" * 32)
    LogEntry.objects.filter(number=6).update(actor="p-somebody")
    assert verify().first.number == 6  # type: ignore[union-attr]


def test_every_byte_of_one_entry_counts(log: None) -> None:
    row = LogEntry.objects.get(number=7)
    content = bytes(row.entry)
    for place in range(0, len(content), 7):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        LogEntry.objects.filter(number=7).update(entry=changed)
        assert verify().first.number == 7  # type: ignore[union-attr]
    LogEntry.objects.filter(number=7).update(entry=content)
    assert verify().is_good


def test_a_missing_entry_is_named(log: None) -> None:
    remove(LogEntry.objects.filter(number=4))
    assert verify().first.number == 4  # type: ignore[union-attr]


def test_a_log_cut_short_is_found_by_its_own_heads(log: None) -> None:
    remove(LogEntry.objects.filter(number__gt=9))
    remove(TreeNode.objects.all())
    rebuild()
    report = verify()
    assert report.first.number == 10  # type: ignore[union-attr]


def test_a_changed_sub_tree_is_found(log: None) -> None:
    node = TreeNode.objects.get(level=2, index=1)
    TreeNode.objects.filter(pk=node.pk).update(hash=flip(node.hash))
    assert verify().first.number == 8  # type: ignore[union-attr]


def test_an_additional_sub_tree_is_found(log: None) -> None:
    TreeNode.objects.create(level=9, index=9, hash=b"x" * 32)
    assert not verify().is_good


@pytest.mark.parametrize("column", ["root", "signature", "public_key"])
def test_a_changed_head_is_found(log: None, column: str) -> None:
    head = Head.objects.all()[1]
    value = getattr(head, column)
    other = keys_of_another() if column == "public_key" else flip(value)
    Head.objects.filter(pk=head.pk).update(**{column: other})
    assert verify().first.number == 8  # type: ignore[union-attr]


def test_heads_out_of_order_are_found(log: None) -> None:
    first, second = Head.objects.all()[:2]
    Head.objects.filter(pk=first.pk).update(size=second.size, root=second.root)
    assert not verify().is_good


def keys_of_another() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def remove(rows: QuerySet[Any]) -> None:
    """What somebody with the database can do, and no code of ours: the guard of legal models is not asked."""
    rows._raw_delete(rows.db)  # type: ignore[attr-defined]


# The whole log rewritten


def rewrite_everything(number: int) -> None:
    """What a thief of server, database and key can do: change an entry, rebuild all hashes, sign all heads anew."""
    row = LogEntry.objects.get(number=number)
    said = {**json.loads(bytes(row.entry)), "facts": {"turn": 99}}
    row.entry = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    row.salt = os.urandom(32)
    row.leaf = merkle.leaf_hash(row.salt + row.entry)
    row.save()
    remove(TreeNode.objects.all())
    rebuild()
    for head in Head.objects.all():
        head.root = tree.root(head.size)
        head.signature = keys.signing_key().sign(signed_bytes(head.size, head.root.hex(), head.market_time))
        head.save()


def rebuild() -> None:
    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("number").values_list("leaf", flat=True)]
    nodes = merkle.completed_nodes(0, leaves, {}.__getitem__)
    TreeNode.objects.bulk_create(TreeNode(level=level, index=index, hash=value) for level, index, value in nodes)


def witness_file(folder: Path, witness: Witness) -> Path:
    path = folder / "witness.json"
    path.write_text(json.dumps(witness.as_json()))
    return path


def test_a_rewritten_log_is_found_by_an_old_witness(log: None, tmp_path: Path) -> None:
    witness = Head.objects.all()[1].witness
    file = witness_file(tmp_path, witness)
    run(file)
    rewrite_everything(3)
    assert verify().is_good, "without a witness nobody could tell"
    with pytest.raises(CommandError, match="8"):
        run(file)
    assert not verify(witness).is_good


def test_a_rewriting_after_the_witness_is_not_its_business(log: None) -> None:
    witness = Head.objects.all()[1].witness
    rewrite_everything(10)
    assert verify(witness).is_good
    assert not verify(Head.objects.all()[2].witness).is_good or Head.objects.all()[2].size == 12


def test_a_log_shorter_than_the_witness_is_found(log: None, tmp_path: Path) -> None:
    file = witness_file(tmp_path, heads.newest())  # type: ignore[arg-type]
    remove(Head.objects.filter(size__gt=8))
    remove(LogEntry.objects.filter(number__gt=8))
    remove(TreeNode.objects.all())
    rebuild()
    assert verify().is_good
    with pytest.raises(CommandError, match="9"):
        run(file)


def test_a_damaged_witness_is_refused(log: None, tmp_path: Path) -> None:
    witness = heads.newest()
    assert witness is not None
    forged = Witness(witness.size, witness.root, witness.time, flip(witness.signature), witness.public_key)
    with pytest.raises(CommandError):
        run(witness_file(tmp_path, forged))
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    for path in (broken, tmp_path / "nothing.json"):
        with pytest.raises(CommandError):
            run(path)


# Erasure


def test_an_erased_entry_keeps_every_proof(log: None) -> None:
    witness = heads.newest()
    assert erase_entries(actor=SYSTEM, numbers=[2, 6], reason="个人信息删除请求") == 2
    assert erase_entries(actor=SYSTEM, numbers=[2], reason="再次") == 0
    row = LogEntry.objects.get(number=2)
    assert (row.salt, row.entry, row.subject, row.actor) == (None, None, "", "")
    report = verify(witness)
    assert report.findings == []
    assert report.erased == 2


def test_erasing_needs_a_reason(log: None) -> None:
    with pytest.raises(Refused) as refusal:
        erase_entries(actor=SYSTEM, numbers=[2], reason=" ")
    assert refusal.value.rule_id == "R-PUB-02"
    assert LogEntry.objects.get(number=2).entry is not None
    assert LogEntry.objects.count() == 13


def test_emptying_an_entry_silently_is_found(log: None, market_clock: MarketClock) -> None:
    LogEntry.objects.filter(number=2).update(salt=None, entry=None, erased_at=market_clock.now)
    assert verify().first.number == 2  # type: ignore[union-attr]
    LogEntry.objects.filter(number=2).update(erased_at=None)
    assert verify().first.number == 2  # type: ignore[union-attr]


def test_stage_of_a_public_entry(log: None, body: Body) -> None:
    assert LogEntry.objects.get(number=1).stage == Stage.NOW
    assert LogEntry.objects.get(number=2).stage == Stage.OPENING
