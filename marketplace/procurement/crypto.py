"""Sealing in bytes: the lot's key, its two wrappings, the custodians' shares. No database, no clock, no request.

The private key of a lot is an age identity. Inside it is encrypted to an identity made from a random 128-bit secret
that is split k-of-n; outside to the deployment's seal key, together with the earliest moment of the opening.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from marketplace.documents.encryption import CannotDecrypt, decrypt, encrypt, new_identity, recipient_of

BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
SHARE_PREFIX = "yizhao-share-1"


@dataclass(frozen=True)
class Share:
    """One custodian's part of the secret. Its text is what a custodian decrypts and may paste."""

    lot: str
    index: int
    value: bytes

    @property
    def text(self) -> str:
        return f"{SHARE_PREFIX}:{self.lot}:{self.index}:{self.value.hex()}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class BadShare(ValueError):
    """The text is not a share."""


def read_share(text: str) -> Share:
    try:
        prefix, lot, index, value = "".join(text.split()).split(":")
        share = Share(lot, int(index), bytes.fromhex(value))
    except ValueError as error:
        raise BadShare from error
    if prefix != SHARE_PREFIX or len(share.value) != 16:
        raise BadShare
    return share


@dataclass(frozen=True)
class SealedKey:
    """A fresh lot key: what may be stored, and the shares that must go to the custodians and nowhere else."""

    public_key: str
    wrapped_identity: bytes
    shares: tuple[Share, ...]


def make_sealed_key(lot: str, *, threshold: int, count: int, seal_recipient: str, not_before: str) -> SealedKey:
    identity, secret = new_identity(), os.urandom(16)
    inner = encrypt(identity.encode(), recipient_of(identity_from_secret(secret)))
    shares = tuple(Share(lot, index, value) for index, value in Shamir.split(threshold, count, secret))
    return SealedKey(recipient_of(identity), wrap_outer(inner, not_before, seal_recipient), shares)


def wrap_outer(inner: bytes, not_before: str, seal_recipient: str) -> bytes:
    content = json.dumps({"not_before": not_before, "inner": inner.hex()}).encode()
    return encrypt(content, seal_recipient)


def unwrap_outer(wrapped: bytes, seal_identity: str) -> tuple[bytes, str]:
    """The inner wrapping and the moment before which it must not be used."""
    content = json.loads(decrypt(wrapped, seal_identity))
    return bytes.fromhex(content["inner"]), content["not_before"]


def unwrap_inner(inner: bytes, shares: list[Share]) -> str:
    """The lot's identity from k shares; `CannotDecrypt` when they do not make the secret."""
    secret = Shamir.combine([(share.index, share.value) for share in shares])
    return decrypt(inner, identity_from_secret(secret)).decode()


def identity_from_secret(secret: bytes) -> str:
    """The age identity that belongs to a 128-bit secret: HKDF-SHA256 to 32 bytes, written as age writes identities."""
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yizhao lot secret 1").derive(secret)
    return bech32("age-secret-key-", key).upper()


def commitment(nonce: bytes, plaintext: bytes) -> str:
    """What proves later that a copy is the bid that was sealed: SHA-256(nonce ‖ plaintext)."""
    return hashlib.sha256(nonce + plaintext).hexdigest()


def bech32(prefix: str, data: bytes) -> str:
    """BIP-173, the way age writes its keys."""
    values = _five_bits(data)
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    checksum = _polymod([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(checksum >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(BECH32[value] for value in values)


def _five_bits(data: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]


def _polymod(values: list[int]) -> int:
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for i in range(5):
            checksum ^= generator[i] if (top >> i) & 1 else 0
    return checksum


__all__ = ["CannotDecrypt", "SealedKey", "Share", "commitment", "make_sealed_key", "read_share", "unwrap_inner"]
