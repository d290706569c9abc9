"""The log: entries, stored hashes of the Merkle tree, signed heads. Nothing here is ever changed but by erasure."""

from __future__ import annotations

from django.db import models

from .witness import Witness


class LogEntry(models.Model):
    """One entry. `number` has no gaps; leaf = SHA-256(0x00 ‖ salt ‖ entry).

    The columns beside `entry` repeat it for queries; `verify_log` compares them. Erasing empties salt, entry and
    what names a person; the leaf stays, so that every proof still holds.
    """

    number = models.PositiveBigIntegerField(unique=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, db_index=True, help_text="Kind and key, e.g. procurement.lot:12")
    project = models.CharField(max_length=40, blank=True, help_text="Project number, for the public page.")
    lot = models.CharField(max_length=40, blank=True, help_text="Lot whose opening or result discloses the entry.")
    actor = models.CharField(max_length=40, help_text="Pseudonymous id.")
    market_time = models.DateTimeField()
    machine_time = models.DateTimeField()
    salt = models.BinaryField(null=True)
    entry = models.BinaryField(null=True, help_text="Canonical JSON as hashed.")
    leaf = models.BinaryField()
    stage = models.CharField(max_length=10, help_text="When salt and entry become public.")
    disclosed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["project", "number"]), models.Index(fields=["action", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class TreeNode(models.Model):
    """Hash of a complete sub-tree: 2^level leaves, the `index`-th of its level. Level 0 is the entry's leaf."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tree_node_once")]


class Disclosure(models.Model):
    """A stage that a lot has reached: its entries of that stage are public, those recorded later at once."""

    lot = models.CharField(max_length=40)
    stage = models.CharField(max_length=10)
    reached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "stage"], name="disclosure_once")]

    def __str__(self) -> str:
        return f"{self.lot} {self.stage}"


class Head(models.Model):
    """A signed head: size and root of the tree at a time."""

    size = models.PositiveBigIntegerField()
    root = models.BinaryField()
    market_time = models.DateTimeField()
    machine_time = models.DateTimeField()
    signature = models.BinaryField()
    public_key = models.CharField(max_length=64, help_text="Hexadecimal Ed25519 key that signed.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()}"

    @property
    def witness(self) -> Witness:
        return Witness(self.size, bytes(self.root).hex(), self.market_time, bytes(self.signature), self.public_key)
