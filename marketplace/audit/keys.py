"""The key that signs heads: an Ed25519 key in a file of its own, made on first use, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def signing_key() -> Ed25519PrivateKey:
    path = Path(settings.MARKETPLACE_LOG_KEY)
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path.name} does not hold an Ed25519 key")
    return key


def public_key() -> str:
    """Hexadecimal, as published and as written into every head."""
    raw = signing_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return raw.hex()


def _make(path: Path) -> None:
    """Write a new key beside its place (0600) and link it there: of two processes the first one wins, whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
