"""Witnesses: a signed head of the log in the hands of an outsider, on paper, in a mail or as a file.

One witness is one line of digits and letters, so that it survives line breaks of a PDF or a mail (a hyphen would not):
`YZLOG1.<size>.<root>.<time>.<signature>.<public key>`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from marketplace.core.clock import ZONE

from .canonical import canonical

FORMAT = "YZLOG1"
TOKEN = re.compile(FORMAT + r"\.(\d+)\.([0-9a-f]{64})\.(\d{14})\.([0-9a-f]{128})\.([0-9a-f]{64})")
STAMP = "%Y%m%d%H%M%S"


def shortened(root: str) -> str:
    """9f3c 71ae 04d2 … b8e1."""
    groups = [root[i : i + 4] for i in range(0, 64, 4)]
    return f"{' '.join(groups[:3])} … {groups[-1]}"


@dataclass(frozen=True)
class Witness:
    """Size and root of the log at a time, signed. `root` and `public_key` are hexadecimal, as all hashes on paper."""

    size: int
    root: str
    time: datetime
    signature: bytes
    public_key: str

    @property
    def signed_bytes(self) -> bytes:
        return signed_bytes(self.size, self.root, self.time)

    @property
    def is_signed(self) -> bool:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
        try:
            key.verify(self.signature, self.signed_bytes)
        except InvalidSignature:
            return False
        return True

    @property
    def token(self) -> str:
        stamp = self.time.astimezone(UTC).strftime(STAMP)
        return f"{FORMAT}.{self.size}.{self.root}.{stamp}.{self.signature.hex()}.{self.public_key}"

    @property
    def short_root(self) -> str:
        """What a page shows; the whole stands in the token."""
        return shortened(self.root)

    def as_json(self) -> dict[str, Any]:
        """The witness file."""
        return {
            "format": FORMAT,
            "size": self.size,
            "root": self.root,
            "time": self.time.astimezone(ZONE).isoformat(),
            "signature": self.signature.hex(),
            "public_key": self.public_key,
            "token": self.token,
        }


def signed_bytes(size: int, root: str, time: datetime) -> bytes:
    """What the key signs: canonical JSON of format, root, size and time to the second."""
    return canonical(
        {"format": FORMAT, "root": root, "size": size, "time": time.astimezone(ZONE).replace(microsecond=0)}
    )


def read_token(text: str) -> Witness | None:
    """The first witness in a text, whatever blanks and line breaks were put into it."""
    match = TOKEN.search(re.sub(r"\s+", "", text))
    if match is None:
        return None
    size, root, stamp, signature, public_key = match.groups()
    return Witness(
        int(size),
        root,
        datetime.strptime(stamp, STAMP).replace(tzinfo=UTC).astimezone(ZONE),
        bytes.fromhex(signature),
        public_key,
    )


def read_json(text: str) -> Witness | None:
    """A witness file."""
    try:
        row = json.loads(text)
        return Witness(
            int(row["size"]),
            str(row["root"]),
            datetime.fromisoformat(row["time"]),
            bytes.fromhex(row["signature"]),
            str(row["public_key"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
