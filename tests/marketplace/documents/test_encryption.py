"""Encrypted files as streams: what goes in comes out; damaged, cut or missing ones are told, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from pyrage import x25519

from marketplace.documents.encryption import CannotDecrypt, EncryptingSink, decrypting, storage

KEY = x25519.Identity.generate()
PLAIN = bytes(range(256)) * 4000


def in_time(work: Callable[[], object], seconds: float = 20) -> None:
    """Fail, instead of standing still, when the work does not end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "still waiting"


@pytest.fixture
def path() -> str:
    sink = EncryptingSink("drafts/stream.age", str(KEY.to_public()))
    for start in range(0, len(PLAIN), 70_000):
        sink.write(PLAIN[start : start + 70_000])
    sink.close()
    return "drafts/stream.age"


def read(path: str) -> bytes:
    with decrypting(path, str(KEY)) as plain:
        return b"".join(iter(lambda: plain.read(65_536), b""))


def test_what_goes_in_comes_out(path: str) -> None:
    assert read(path) == PLAIN
    with storage().open(path, "rb") as file:
        assert PLAIN[:64] not in file.read()


def test_a_missing_file_is_told_at_once() -> None:
    told: list[type[Exception]] = []

    def look() -> None:
        try:
            read("drafts/nothing.age")
        except CannotDecrypt as error:
            told.append(type(error))

    in_time(look)
    assert told == [CannotDecrypt]


@pytest.mark.parametrize("keep", [0, 100, -1])
def test_a_file_cut_short_is_no_short_file(path: str, keep: int) -> None:
    with storage().open(path, "rb") as file:
        content = file.read()
    storage().delete(path)
    with storage().open(path, "wb") as file:
        file.write(content[:keep])
    with pytest.raises(CannotDecrypt):
        read(path)


def test_who_stops_reading_stops_the_work(path: str) -> None:
    def look() -> None:
        with decrypting(path, str(KEY)) as plain:
            plain.read(10)

    in_time(look)
