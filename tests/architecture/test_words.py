"""Chinese is complete: every message has one translation, with the same placeholders."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.support.words import asked_for, borrowed, key, offered, texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w*\}(?!\})|%[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def per_file(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}:\n    " + "\n    ".join(sorted(lines)) for name, lines in sorted(found.items()))


def test_every_message_has_a_chinese_translation():
    translated = {key(message) for _path, message in offered() if all(texts(message)) and not message.fuzzy}
    missing: dict[str, list[str]] = defaultdict(list)
    for message, names in asked_for().items():
        if message not in translated:
            missing[names[0]].append(repr(message[1]))
    assert len(asked_for()) > 100
    assert not missing, f"{sum(map(len, missing.values()))} messages without a translation:\n{per_file(missing)}"


def test_no_message_has_two_translations():
    chosen: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path, message in offered():
        chosen[key(message)]["/".join(texts(message))].append(path)
    torn = {message[1]: dict(ways) for message, ways in chosen.items() if len(ways) > 1}
    assert not torn, "\n".join(f"{message!r}: {ways}" for message, ways in sorted(torn.items()))


def test_translations_keep_the_placeholders():
    wrong = []
    for path, message in offered():
        wanted = set(PLACEHOLDER.findall(key(message)[1]))
        if isinstance(message.id, (list, tuple)):
            wanted |= set(PLACEHOLDER.findall(message.id[1]))
        wrong += [
            f"{path}: {key(message)[1]!r} → {text!r}"
            for text in texts(message)
            if text and set(PLACEHOLDER.findall(text)) != wanted
        ]
    assert wrong == []


def test_translations_are_chinese():
    """A translation without a Chinese character is a forgotten one, unless it is a name or a format."""
    same = [
        f"{path}: {key(message)[1]!r}"
        for path, message in offered()
        for text in texts(message)
        if text and not CHINESE.search(text) and re.search(r"[a-z]{4}", PLACEHOLDER.sub("", text))
    ]
    assert same == []


def test_no_translation_is_left_over():
    """Words that nothing asks for any more. The sign-in package's messages in our own words are asked for by it."""
    unused: dict[str, list[str]] = defaultdict(list)
    for path, message in offered():
        if key(message) not in asked_for() and key(message) not in borrowed():
            unused[path].append(repr(key(message)[1]))
    assert not unused, f"{sum(map(len, unused.values()))} translations that nothing uses:\n{per_file(unused)}"
