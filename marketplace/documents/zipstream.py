"""A ZIP container read as a stream, entry by entry, as it is pushed in: nothing is kept, nothing lies in a file.

Used to look into DOCX and XLSX while they pass by, and to take the files out of a bidder's own copy. Reads what the
office programs and Python write: entries one after the other, stored or deflated. Sizes are counted, never believed.
"""

from __future__ import annotations

import struct
import zlib
from typing import Protocol

LOCAL, CENTRAL, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
END, END_64, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
LISTED = struct.Struct("<4s24xHHH8xI")
ENDING = struct.Struct("<4s16xH")
ENDING_64 = struct.Struct("<4sQ")
HEADER = struct.Struct("<4sHHHHHIIIHH")
STORED, DEFLATED = 0, 8
LONGEST_NAME = 1024
STEP = 64 * 1024


class BadZip(ValueError):
    """Not a container that can be read: `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Visitor(Protocol):
    """Is told what comes by; may raise to stop."""

    def entry(self, name: str) -> None: ...
    def data(self, content: bytes) -> None: ...
    def end(self) -> None: ...


class ZipStream:
    """Push bytes with `feed`, then `finish`. `compressed` counts what came in."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.compressed = 0
        self._buffer = b""
        self._state = self._header
        self._left = 0
        self._inflate: zlib._Decompress | None = None
        self._crc = self._size = self._packed = 0
        self._expected: tuple[int, int] | None = None
        self._passed: set[tuple[bytes, int]] = set()
        self._listed: set[tuple[bytes, int]] = set()
        self._complete = False

    def feed(self, content: bytes) -> None:
        self.compressed += len(content)
        self._buffer += content
        while self._state():
            pass

    def finish(self) -> None:
        if not self._complete:
            raise BadZip("cut_off")

    def _take(self, count: int) -> bytes:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _header(self) -> bool:
        if len(self._buffer) < 4:
            return False
        mark = self._buffer[:4]
        if mark in (CENTRAL, END, END_64):
            self._state = self._directory
            return True
        if mark != LOCAL:
            raise BadZip("no_container")
        return self._open_entry()

    def _open_entry(self) -> bool:
        if len(self._buffer) < HEADER.size:
            return False
        _mark, _version, flags, method, _time, _date, crc, packed, size, name_length, extra_length = HEADER.unpack_from(
            self._buffer
        )
        if name_length > LONGEST_NAME:
            raise BadZip("long_name")
        if len(self._buffer) < HEADER.size + name_length + extra_length:
            return False
        if flags & 1:
            raise BadZip("encrypted")
        if method not in (STORED, DEFLATED) or (method == STORED and flags & 8):
            raise BadZip("method")
        begins_at = self.compressed - len(self._buffer)
        name = self._take(HEADER.size + name_length + extra_length)[HEADER.size : HEADER.size + name_length]
        self._crc = self._size = self._packed = 0
        self._expected = None if flags & 8 else (crc, size)
        self._passed.add((name, begins_at))
        self.visitor.entry(name.decode("utf-8" if flags & 0x800 else "cp437", "replace"))
        if method == DEFLATED:
            self._inflate, self._state = zlib.decompressobj(-15), self._deflated
        else:
            self._left, self._state = packed, self._stored
        return True

    def _stored(self) -> bool:
        if self._left:
            if not self._buffer:
                return False
            taken = self._take(min(self._left, STEP))
            self._left -= len(taken)
            self._packed += len(taken)
            self._pass_on(taken)
            return True
        return self._close_entry()

    def _deflated(self) -> bool:
        assert self._inflate is not None
        if not self._buffer:
            return False
        before = len(self._buffer)
        try:
            # A bounded step: a bomb is stopped by the visitor long before it is unpacked.
            plain = self._inflate.decompress(self._buffer, STEP)
        except zlib.error as error:
            raise BadZip("damaged") from error
        self._buffer = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        self._packed += before - len(self._buffer)
        self._pass_on(plain)
        if self._inflate.eof:
            return self._close_entry()
        return bool(self._buffer) or len(plain) == STEP

    def _pass_on(self, plain: bytes) -> None:
        self._crc = zlib.crc32(plain, self._crc)
        self._size += len(plain)
        self.visitor.data(plain)

    def _close_entry(self) -> bool:
        if self._expected is None:
            self._state = self._descriptor
            return True
        if self._expected != (self._crc, self._size & 0xFFFFFFFF):
            raise BadZip("damaged")
        return self._end_entry()

    def _descriptor(self) -> bool:
        """CRC and sizes after the data, with or without a mark, 4 or 8 bytes wide."""
        if len(self._buffer) < 28:
            return False
        for form in (struct.Struct("<4sIII"), struct.Struct("<4sIQQ")):
            if form.unpack_from(self._buffer) == (DESCRIPTOR, self._crc, self._packed, self._size):
                self._take(form.size)
                return self._end_entry()
        if struct.unpack_from("<III", self._buffer) == (self._crc, self._packed, self._size):
            self._take(12)
            return self._end_entry()
        raise BadZip("damaged")

    def _end_entry(self) -> bool:
        self.visitor.end()
        self._state = self._header
        return True

    def _directory(self) -> bool:
        """The list at the end, by which office programs read, must name what passed by: no more, no fewer, no other.

        Name and place of each entry are compared.

        Without this a container could show two harmless entries to a stream and thousands to its reader.
        """
        if len(self._buffer) < 4:
            return False
        step = {CENTRAL: self._one_listed, END_64: self._ending_64, LOCATOR_64: self._locator_64, END: self._ending}
        if self._buffer[:4] not in step:
            raise BadZip("damaged")
        return step[self._buffer[:4]]()

    def _one_listed(self) -> bool:
        if len(self._buffer) < LISTED.size:
            return False
        _mark, name_length, *others, begins_at = LISTED.unpack_from(self._buffer)
        length = LISTED.size + name_length + sum(others)
        if len(self._buffer) < length:
            return False
        entry = (self._take(length)[LISTED.size : LISTED.size + name_length], begins_at)
        if entry not in self._passed or entry in self._listed:
            raise BadZip("damaged")
        self._listed.add(entry)
        return True

    def _ending_64(self) -> bool:
        if len(self._buffer) < ENDING_64.size:
            return False
        _mark, length = ENDING_64.unpack_from(self._buffer)
        if length > STEP:
            raise BadZip("damaged")
        if len(self._buffer) < ENDING_64.size + length:
            return False
        self._take(ENDING_64.size + length)
        return True

    def _locator_64(self) -> bool:
        if len(self._buffer) < 20:
            return False
        self._take(20)
        return True

    def _ending(self) -> bool:
        if len(self._buffer) < ENDING.size:
            return False
        _mark, comment = ENDING.unpack_from(self._buffer)
        if len(self._buffer) < ENDING.size + comment:
            return False
        self._take(ENDING.size + comment)
        if self._listed != self._passed:
            raise BadZip("damaged")
        self._complete, self._state = True, self._after_the_end
        return True

    def _after_the_end(self) -> bool:
        """A second container behind the first would be the one that is read."""
        if self._buffer:
            raise BadZip("damaged")
        return False
