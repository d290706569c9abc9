"""/log/: numbers and hashes of everything, content of what is disclosed, proofs that a stranger can compute."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.accounts.models import Body
from marketplace.audit import heads, merkle
from marketplace.audit.erasure import erase_entries
from marketplace.audit.models import LogEntry
from tests.factories.accounts import make_body

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
SECRET = "晨曦社区服务中心报价"


@pytest.fixture
def record() -> Callable[..., None]:
    body: list[Body] = []

    def write(*actions: str, project: str = "SH-2026-0001") -> None:
        body[:] = body or [make_body()]
        with audit.transaction() as log:
            for action in actions:
                log.record(action, body[0], SYSTEM, project=project, words=SECRET)

    return write


def get(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def lines(client: Client, path: str) -> list[dict[str, Any]]:
    content = b"".join(client.get(path).streaming_content).decode()  # type: ignore[attr-defined]
    return [json.loads(line) for line in content.splitlines()]


def test_an_empty_log_says_so(client: Client) -> None:
    html = get(client, "/log/")
    assert "没有可显示的记录" in html
    assert client.get("/log/witness.json").status_code == 404
    assert client.get("/log/1/").status_code == 404
    assert client.get("/log/1.json").status_code == 404
    assert client.get("/log/consistency.json").status_code == 404
    assert lines(client, "/log/entries.jsonl") == []


def test_what_is_disclosed_stands_there_and_the_rest_is_a_hash(client: Client, record: Callable[..., None]) -> None:
    record("tender.published", "bid.submitted")
    assert client.get("/log/1/").status_code == 404, "nothing is shown before a head covers it"
    heads.fix_head()
    html = get(client, "/log/")
    assert "SH-2026-0001" in html
    assert "尚未公开" in html
    assert html.count("SH-2026-0001") == 1, "an undisclosed entry names no project"
    assert SECRET in get(client, "/log/1/")
    for path in ("/log/2/", "/log/2.json"):
        page = get(client, path)
        assert SECRET not in page
        assert "bid" not in re.sub(r"<(head|header|footer).*?</\1>", "", page, flags=re.S)
    assert SECRET not in json.dumps(lines(client, "/log/entries.jsonl")[1], ensure_ascii=False)


def test_a_stranger_computes_the_proof(client: Client, record: Callable[..., None]) -> None:
    record(*["tender.published"] * 7)
    assert client.get("/log/3.json").status_code == 404
    assert lines(client, "/log/entries.jsonl") == []
    heads.fix_head()
    proof = json.loads(get(client, "/log/3.json"))
    leaf = hashlib.sha256(b"\0" + bytes.fromhex(proof["salt"]) + proof["entry"].encode()).digest()
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert merkle.verify_inclusion(leaf, 2, 7, path, bytes.fromhex(proof["head"]["root"]))
    assert all(step in get(client, "/log/3/") for step in proof["path"])


def test_old_and_new_are_consistent(client: Client, record: Callable[..., None]) -> None:
    record(*["tender.published"] * 3)
    old = heads.fix_head()
    record(*["tender.corrected"] * 5)
    heads.fix_head()
    proof = json.loads(get(client, "/log/consistency.json?from=3"))
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert proof["size"] == 8
    assert merkle.verify_consistency(3, 8, path, bytes(old.root), bytes.fromhex(proof["root"]))
    for wrong in ("from=9", "from=3&to=99", "from=5&to=4"):
        assert client.get(f"/log/consistency.json?{wrong}").status_code == 404


def test_the_witness_can_be_taken_along(client: Client, record: Callable[..., None], tmp_path: Path) -> None:
    from marketplace.audit.reading import witness_in

    record("tender.published")
    heads.fix_head()
    response = client.get("/log/witness.json")
    assert response["Content-Disposition"] == 'attachment; filename="witness-1.json"'
    (tmp_path / "w.json").write_bytes(response.content)
    assert witness_in(tmp_path / "w.json") == heads.newest()
    html = get(client, "/log/")
    assert heads.newest().token in html  # type: ignore[union-attr]
    assert [row["size"] for row in lines(client, "/log/heads.jsonl")] == [1]


def test_an_erased_entry_keeps_its_place(client: Client, record: Callable[..., None]) -> None:
    record("tender.published")
    erase_entries(actor=SYSTEM, numbers=[1], reason="依法删除")
    heads.fix_head()
    assert "内容已依法删除" in get(client, "/log/")
    page = get(client, "/log/1/")
    assert SECRET not in page
    assert lines(client, "/log/entries.jsonl?to=1")[0]["erased"] is True


def test_pages_by_key_and_by_project(client: Client, record: Callable[..., None]) -> None:
    record(*["tender.published"] * 60, project="SH-2026-0001")
    record(*["tender.published"] * 60, project="SH-2026-0002")
    heads.fix_head()
    assert numbers(get(client, "/log/")) == list(range(120, 70, -1))
    html = get(client, "/log/?before=71")
    assert numbers(html) == list(range(70, 20, -1))
    assert 'rel="prev"' in html
    assert "before=121" in html
    assert numbers(get(client, "/log/?before=21")) == list(range(20, 0, -1))
    assert numbers(get(client, "/log/?project=SH-2026-0001")) == list(range(60, 10, -1))
    html = get(client, "/log/?project=SH-2026-0001&before=11")
    assert numbers(html) == list(range(10, 0, -1))
    assert "before=61" in html
    assert "没有可显示的记录" in get(client, "/log/?project=XX")
    assert numbers(get(client, "/log/?before=abc")) == list(range(120, 70, -1))


def numbers(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<th scope="row" class="num"[^>]*><a href="/log/(\d+)/', html)]


def test_ranges_of_entries(client: Client, record: Callable[..., None]) -> None:
    record(*["tender.published"] * 9)
    heads.fix_head()
    assert [row["number"] for row in lines(client, "/log/entries.jsonl?from=3&to=5")] == [3, 4, 5]
    assert [row["number"] for row in lines(client, "/log/entries.jsonl?from=8")] == [8, 9]


def test_queries_do_not_grow(client: Client, record: Callable[..., None]) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            get(client, path)
        return len(queries)

    record("tender.published", "bid.submitted")
    heads.fix_head()
    get(client, "/log/")
    few = cost("/log/"), cost("/log/1/")
    record(*["tender.published"] * 200)
    heads.fix_head()
    assert cost("/log/") <= few[0] <= 10
    assert cost("/log/1/") <= few[1] + 1 <= 10


def test_the_program_of_the_documentation_finds_a_rewriting(
    record: Callable[..., None], live_server: Any, tmp_path: Path
) -> None:
    """docs/log.md gives a program that needs nothing of ours; here it runs against the real pages."""
    text = (ROOT / "docs/log.md").read_text(encoding="utf-8")
    program = tmp_path / "check.py"
    program.write_text(text.split("```python\n")[1].split("```")[0])
    record(*["tender.published"] * 11)
    witness = heads.fix_head().witness
    record("tender.corrected")

    def run() -> str:
        command = [sys.executable, str(program), live_server.url, str(witness.size), witness.root]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()

    assert run() == "holds"
    LogEntry.objects.filter(number=4).update(leaf=b"\x07" * 32)
    assert run() == "REWRITTEN"
