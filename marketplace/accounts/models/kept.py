"""A form that met an expired session, kept for half an hour, unreadable without the cookie of its browser."""

from __future__ import annotations

import uuid

from django.db import models


class KeptForm(models.Model):
    """Only ciphertext stands here; the key is in the cookie and nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ciphertext = models.BinaryField()
    created_at = models.DateTimeField(help_text="By the machine's clock, as sessions are.")
