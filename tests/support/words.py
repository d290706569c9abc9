"""Every message that code and templates ask for, and every translation that the catalogues offer."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import allauth
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from deploy.messages import catalogues

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = [
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3", "_", "ngettext:1,2", "gettext",
]  # fmt: skip
MessageId = tuple[str, str]  # context and (singular) msgid


def sources() -> Iterator[Path]:
    for place in ("marketplace", "cms", "templates"):
        for path in sorted((ROOT / place).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def write_for_xgettext(folder: Path) -> list[str]:
    """Templates become something like Python, as Django's makemessages does it."""
    names = []
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text if path.suffix == ".py" else templatize(text), encoding="utf-8")
        names.append(name)
    return names


@cache
def asked_for() -> dict[MessageId, list[str]]:
    """Message → files that use it."""
    with tempfile.TemporaryDirectory() as folder:
        names = write_for_xgettext(Path(folder))
        listing = Path(folder) / "files"
        listing.write_text("\n".join(names))
        options = ["--language=Python", "--from-code=UTF-8", "--output=-", f"--files-from={listing}"]
        keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
        done = subprocess.run(
            ["xgettext", *options, *keywords], cwd=folder, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )  # fmt: skip
    # Asked to omit its header, xgettext drops every character that is not ASCII: it is cut off here instead.
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    listed = header + done.stdout.partition(b"\n\n")[2]
    found: dict[MessageId, list[str]] = defaultdict(list)
    for message in messages(read_po(BytesIO(listed))):
        found[key(message)] += sorted({name for name, _line in message.locations})
    return found


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def key(message: Message) -> MessageId:
    return (message.context or "", message.id if isinstance(message.id, str) else message.id[0])


@cache
def borrowed() -> set[MessageId]:
    """What the sign-in package asks for; the accounts room says it in our own words."""
    folder = Path(allauth.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as lines:
        return {key(message) for message in messages(read_po(lines))}


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@cache
def offered() -> list[tuple[str, Message]]:
    """(catalogue's path, message), all catalogues one after the other."""
    entries = []
    for path in catalogues():
        with path.open("rb") as lines:
            catalogue = read_po(lines, locale=None)
        entries += [(path.relative_to(ROOT).as_posix(), message) for message in messages(catalogue)]
    return entries
