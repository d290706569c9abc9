"""Witnesses as people keep them: a file, a mail, a receipt as PDF, a line of text with breaks in it."""

from __future__ import annotations

import json
import stat
import textwrap
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.conf import settings

from marketplace.audit import heads, keys
from marketplace.audit.models import Head
from marketplace.audit.reading import witness_in
from marketplace.audit.schedule import due
from marketplace.audit.witness import Witness, read_json, read_token
from marketplace.core import clock
from tests.support.clock import MarketClock

Record = Callable[..., None]


@pytest.fixture
def witness(record: Record) -> Witness:
    record("tender.published")
    heads.fix_head()
    found = heads.newest()
    assert found is not None
    return found


def test_a_head_is_signed_and_repeats_nothing(witness: Witness, record: Record) -> None:
    assert witness.is_signed
    assert witness.size == 1
    assert witness.time == clock.now()
    heads.fix_head()
    assert Head.objects.count() == 1
    record("tender.corrected")
    assert heads.fix_head().size == 2
    assert heads.first_after(2).size == 2  # type: ignore[union-attr]
    assert heads.first_after(1).size == 1  # type: ignore[union-attr]
    assert heads.first_after(3) is None


def test_a_head_inside_a_transaction_covers_what_was_recorded(body: object, record: Record) -> None:
    from marketplace import audit
    from marketplace.accounts.actors import SYSTEM

    with audit.transaction() as log:
        log.record("lot.closed", body, SYSTEM)  # type: ignore[arg-type]
        head = heads.fix_head()
    assert head.size == 1
    record("lot.opened")
    from marketplace.audit.verification import verify

    assert verify(head.witness).is_good


def test_kept_as_text_file_mail_and_pdf(witness: Witness, tmp_path: Path) -> None:
    wrapped = "见证：\n" + "\n   ".join(textwrap.wrap(witness.token, 60)) + "\n（请保留）"
    text, file, mail, pdf = (tmp_path / name for name in ("a.txt", "a.json", "a.eml", "a.pdf"))
    text.write_text(wrapped)
    file.write_text(json.dumps(witness.as_json(), ensure_ascii=False))
    message = EmailMessage()
    message.set_content(wrapped, cte="quoted-printable")
    mail.write_bytes(message.as_bytes())
    pdf.write_bytes(as_pdf(wrapped))
    for path in (text, file, mail, pdf):
        found = witness_in(path)
        assert found == witness, path.name
        assert found.is_signed


def as_pdf(text: str) -> bytes:
    from weasyprint import HTML

    return HTML(string=f"<p style='width: 7cm; word-break: break-all'>{text}</p>").write_pdf()


def test_what_holds_no_witness(tmp_path: Path) -> None:
    assert read_token("nothing here") is None
    assert read_json("[]") is None
    assert read_json("{") is None
    other = tmp_path / "other.txt"
    other.write_text("无")
    assert witness_in(other) is None


def test_the_key_is_private_and_made_once(witness: Witness) -> None:
    path = Path(settings.MARKETPLACE_LOG_KEY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.public_key() == keys.public_key() == witness.public_key
    assert [other.name for other in path.parent.iterdir() if other.name.startswith("tmp")] == []


def test_a_key_of_another_kind_is_refused(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    settings.MARKETPLACE_LOG_KEY = tmp_path / "rsa.key"  # type: ignore[attr-defined]
    pem = generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "rsa.key").write_bytes(pem)
    with pytest.raises(TypeError, match="Ed25519"):
        keys.signing_key()


def test_the_first_of_two_processes_makes_the_key(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    settings.MARKETPLACE_LOG_KEY = tmp_path / "log.key"  # type: ignore[attr-defined]
    first = keys.public_key()
    keys._make(tmp_path / "log.key")
    assert keys.public_key() == first


def test_heads_are_due_every_hour_while_the_log_grows(record: Record, market_clock: MarketClock) -> None:
    assert due(clock.now()) == []
    record("tender.published")
    [(key, fix)] = due(clock.now())
    assert key == "audit.fix_head"
    fix()
    record("tender.corrected")
    market_clock.advance(minutes=59)
    assert due(clock.now()) == []
    market_clock.advance(minutes=1)
    [(_key, fix)] = due(clock.now())
    fix()
    assert [head.size for head in Head.objects.all()] == [1, 2]
    market_clock.advance(hours=5)
    assert due(clock.now()) == []
