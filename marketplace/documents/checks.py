"""Is this file what it should be? By its content, while it passes by in pieces; the name and the browser prove nothing.

Belongs here: what can be told from the bytes. Not here: virus scanning, and whether a PDF's pages can be drawn (the
worker looks at that).
"""

from __future__ import annotations

import filetype
from django.utils.translation import gettext as _

from marketplace.core.decisions import refuse
from marketplace.core.exceptions import Refused

from .kinds import CONTAINERS, KINDS, LARGEST, MEGABYTE, FileKind, labels
from .zipstream import BadZip, ZipStream

MOST_ENTRIES = 2_000
MOST_UNPACKED = 300 * MEGABYTE
HIGHEST_RATIO = 100
RATIO_FLOOR = 5 * MEGABYTE
HEAD, TAIL = 8192, 2048
MACROS = "vbaproject.bin"


class ContainerLimits:
    """Watches the entries of a container: how many, how large, how far they unpack."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.entries = self.unpacked = 0
        self.stream: ZipStream | None = None

    def entry(self, name: str) -> None:
        self.entries += 1
        self.names.add(name)
        if self.entries > MOST_ENTRIES:
            raise BadZip("entries")

    def data(self, content: bytes) -> None:
        self.unpacked += len(content)
        if self.unpacked > MOST_UNPACKED:
            raise BadZip("unpacked")
        packed = self.stream.compressed if self.stream else 0
        if self.unpacked > RATIO_FLOOR and self.unpacked > HIGHEST_RATIO * packed:
            raise BadZip("ratio")

    def end(self) -> None:
        """Nothing to do at the end of an entry."""


class ContentCheck:
    """`feed` the pieces, then `finish`: the kind found, or `Refused` with field, finding and the way out."""

    def __init__(self, kinds: tuple[str, ...], *, name: str, field: str = "file", largest: int = LARGEST) -> None:
        self.kinds, self.name, self.field, self.largest = kinds, name, field, largest
        self.size = 0
        self._head = self._tail = b""
        self._limits = ContainerLimits()
        self._zip: ZipStream | None = None
        self._is_encrypted_pdf = False

    def feed(self, content: bytes) -> None:
        self.size += len(content)
        if self.size > self.largest:
            raise self._refused(
                _(
                    "«%(name)s» is larger than %(limit)s MB. Split it, or save it with smaller pictures, and upload it "
                    "again."
                )
                % {"name": self.name, "limit": self.largest // MEGABYTE}
            )
        first = not self._head
        if len(self._head) < HEAD:
            self._head += content[: HEAD - len(self._head)]
        if b"/Encrypt" in self._tail[-16:] + content:
            self._is_encrypted_pdf = True
        self._tail = (self._tail + content)[-TAIL:]
        self._feed_container(content, first)

    def _feed_container(self, content: bytes, first: bool) -> None:
        if first and content[:4] == b"PK\x03\x04" and any(kind in CONTAINERS for kind in self.kinds):
            self._zip = self._limits.stream = ZipStream(self._limits)
        if self._zip is not None:
            try:
                self._zip.feed(content)
            except BadZip as error:
                raise self._refused(self._container_problem(error.code)) from error

    def finish(self) -> FileKind | None:
        """The kind found; None only where no kinds were asked for."""
        if not self.kinds:
            return None
        kind = self._kind()
        if kind is None or kind.key not in self.kinds:
            raise self._refused(self._wrong_kind(kind))
        if kind.key == "pdf":
            self._finish_pdf()
        if kind.key in CONTAINERS:
            self._finish_container()
        if kind.key == "png" and b"IEND" not in self._tail or kind.key == "jpg" and b"\xff\xd9" not in self._tail:
            raise self._refused(self._cut_off())
        return kind

    def _kind(self) -> FileKind | None:
        if self._head.startswith(b"%PDF-"):
            return KINDS["pdf"]
        if self._zip is not None:
            return next((KINDS[key] for key in CONTAINERS if KINDS[key].main_entry in self._limits.names), None)
        guess = filetype.guess(self._head) if self._head else None
        return next((KINDS[key] for key in ("jpg", "png") if guess and guess.mime == KINDS[key].content_type), None)

    def _finish_pdf(self) -> None:
        if b"%%EOF" not in self._tail:
            raise self._refused(self._cut_off())
        if self._is_encrypted_pdf:
            raise self._refused(
                _(
                    "«%(name)s» is protected by a password or against copying, so nobody could review it. Save it "
                    "without protection."
                )
                % {"name": self.name}
            )

    def _finish_container(self) -> None:
        assert self._zip is not None
        try:
            self._zip.finish()
        except BadZip as error:
            raise self._refused(self._container_problem(error.code)) from error
        if any(name.lower().endswith(MACROS) for name in self._limits.names):
            raise self._refused(
                _("«%(name)s» contains macros. Save it without macros (as .docx or .xlsx) and upload it again.")
                % {"name": self.name}
            )

    def _wrong_kind(self, kind: FileKind | None) -> str:
        wanted = " ".join(str(KINDS[key].how_to) for key in self.kinds[:2])
        return _("«%(name)s» should be %(wanted)s, but its content is %(found)s. %(how)s") % {
            "name": self.name,
            "wanted": labels(self.kinds),
            "found": kind.label if kind else self._finding(),
            "how": wanted,
        }

    def _finding(self) -> str:
        if not self._head:
            return _("empty")
        guess = filetype.guess(self._head)
        return guess.extension.upper() if guess else _("of an unknown kind")

    def _cut_off(self) -> str:
        return _("«%(name)s» is not complete: its end is missing. Save it again and upload it anew.") % {
            "name": self.name
        }

    def _container_problem(self, code: str) -> str:
        reasons = {
            "entries": _("it contains more than 2,000 parts"),
            "unpacked": _("unpacked it would be larger than 300 MB"),
            "ratio": _("it is packed more than 100 : 1"),
            "encrypted": _("it is protected by a password"),
            "cut_off": _("its end is missing"),
        }
        return _("«%(name)s» was not taken: %(reason)s. Save it anew in Word, Excel or WPS, or export it as PDF.") % {
            "name": self.name,
            "reason": reasons.get(code, _("its inside is damaged")),
        }

    def _refused(self, reason: str) -> Refused:
        return Refused(refuse(reason, field=self.field))
