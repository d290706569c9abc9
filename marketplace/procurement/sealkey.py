"""The deployment's seal key: an age identity in a file that no database, log or backup of the data holds."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from marketplace.documents.encryption import decrypt, encrypt, new_identity, recipient_of

from .models import LotKey


def ensure_seal_key() -> Path:
    """Make the key file at set-up, readable by its owner only; an existing one is never touched."""
    path = Path(settings.MARKETPLACE_SEAL_KEY)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w") as file:
        file.write(new_identity() + "\n")
    return path


def seal_identity() -> str:
    """The key as age writes it. It is made on first use; a missing one is never replaced once lots depend on it."""
    path = Path(settings.MARKETPLACE_SEAL_KEY)
    if not path.exists():
        if LotKey.objects.exists():
            raise ImproperlyConfigured(f"MARKETPLACE_SEAL_KEY: {path} is missing; bring the file back from its safe.")
        ensure_seal_key()
    return path.read_text().strip()


def seal_recipient() -> str:
    return recipient_of(seal_identity())


def wrap(content: bytes) -> bytes:
    """Encrypt to the seal key: draft keys, and shares between hand-in and opening."""
    return encrypt(content, seal_recipient())


def unwrap(content: bytes) -> bytes:
    return decrypt(content, seal_identity())
