"""The public log tells nothing early: salt and content become public by kind, with the lot's opening and result."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.accounts.models import Body
from marketplace.audit import disclosure, heads, selectors
from marketplace.audit.disclosure import STAGES, Stage, stage_of
from marketplace.audit.models import LogEntry
from marketplace.audit.verification import verify
from tests.support.clock import MarketClock

ROOT = Path(__file__).resolve().parents[3]


class OfLot:
    """Makes an object that belongs to a lot out of any stored one."""

    def __init__(self, body: Body, lot_id: int) -> None:
        self.pk, self._meta, self.lot_id = body.pk, body._meta, lot_id


def record(action: str, body: Body, lot_id: int) -> None:
    with audit.transaction() as log:
        log.record(action, OfLot(body, lot_id), SYSTEM, project="SH-2026-0001", price="secret")  # type: ignore[arg-type]


def public_numbers() -> list[int]:
    return [row.number for row in LogEntry.objects.all() if "entry" in selectors.public_form(row)]


def test_stages_by_the_longest_name() -> None:
    assert stage_of("tender.published") is Stage.NOW
    assert stage_of("bid.submitted") is Stage.OPENING
    assert stage_of("never.heard_of") is Stage.NEVER


def test_before_the_opening_only_the_leaf_is_public(body: Body) -> None:
    record("bid.submitted", body, 1)
    [row] = LogEntry.objects.all()
    assert selectors.public_form(row) == {"number": 1, "leaf": bytes(row.leaf).hex()}
    assert selectors.history("SH-2026-0001") == []


def test_opening_one_lot_discloses_its_entries_and_no_others(body: Body, market_clock: MarketClock) -> None:
    record("bid.submitted", body, 1)
    record("bid.submitted", body, 2)
    record("review.started", body, 1)
    market_clock.advance(hours=1)
    with audit.transaction() as log:
        log.disclose(Stage.OPENING, 1)
        log.record("lot.opened", OfLot(body, 1), SYSTEM)  # type: ignore[arg-type]
    assert public_numbers() == [1, 4]
    record("bid.unreadable", body, 1)
    assert public_numbers() == [1, 4, 5]
    with audit.transaction() as log:
        log.disclose(Stage.RESULT, 1)
    assert public_numbers() == [1, 3, 4, 5]
    assert verify().findings == []


def test_a_disclosed_entry_proves_itself(body: Body) -> None:
    import hashlib

    with audit.transaction() as log:
        log.record("tender.published", body, SYSTEM, project="SH-2026-0001")
    form = selectors.public_form(LogEntry.objects.get())
    data = b"\0" + bytes.fromhex(form["salt"]) + form["entry"].encode()
    assert hashlib.sha256(data).hexdigest() == form["leaf"]
    [entry] = selectors.history("SH-2026-0001")
    assert (entry.number, entry.action) == (1, "tender.published")


def test_an_inclusion_proof_holds_and_waits_for_a_head(body: Body) -> None:
    from marketplace.audit import merkle

    for _turn in range(5):
        record("bid.submitted", body, 1)
    assert selectors.inclusion_of(3) is None
    heads.fix_head()
    proof = selectors.inclusion_of(3)
    assert proof is not None
    assert merkle.verify_inclusion(bytes(proof.entry.leaf), 2, 5, proof.path, bytes(proof.head.root))
    assert proof.as_json()["index"] == 2
    assert "entry" not in proof.as_json()
    assert selectors.inclusion_of(6) is None
    assert selectors.inclusion_of(0) is None
    assert selectors.entry_of(body, "bid.submitted").number == 5  # type: ignore[union-attr]


def test_consistency_between_two_sizes(body: Body) -> None:
    from marketplace.audit import merkle

    for _turn in range(7):
        record("bid.submitted", body, 1)
    proof = selectors.consistency_between(3, 7)
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert merkle.verify_consistency(3, 7, path, bytes.fromhex(proof["old_root"]), bytes.fromhex(proof["root"]))


def recorded_actions() -> set[str]:
    """Every action that the code records, read from the source: `log.record("noun.verbed", …)`."""
    found: set[str] = set()
    for path in (ROOT / "marketplace").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr == "record" and node.args:
                found |= actions_in(node.args[0])
    return found


def actions_in(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
        return {node.value}
    if isinstance(node, ast.IfExp):
        return actions_in(node.body) | actions_in(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return {str(node.values[0].value).rstrip(".") + ".*"}
    return set()


def test_every_recorded_action_has_its_stage() -> None:
    actions = recorded_actions()
    assert len(actions) > 60
    unknown = {action for action in actions if action not in STAGES and action.partition(".")[0] not in STAGES}
    assert sorted(unknown) == []


@pytest.mark.parametrize("noun", ["bid", "share", "committee", "scores", "member", "expert"])
def test_secret_kinds_are_never_public_at_once(noun: str) -> None:
    assert all(stage is not Stage.NOW for action, stage in STAGES.items() if action.partition(".")[0] == noun)
    assert disclosure.stage_of(f"{noun}.anything") is not Stage.NOW


def test_what_becomes_public_has_words() -> None:
    from marketplace.transparency.actions import LABELS

    silent = {action for action in recorded_actions() if stage_of(action) is not Stage.NEVER} - set(LABELS)
    assert {action for action in silent if not action.endswith("*")} == set()
