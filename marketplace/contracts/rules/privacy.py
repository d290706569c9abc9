"""What is cut from anything published: names of persons, phones, identity and account numbers (R-PUB-02)."""

from __future__ import annotations

import re

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z])"), r"\1********\2"),  # identity number
    (re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)"), r"\1****\2"),  # mobile phone
    (re.compile(r"(?<![0-9A-Za-z])(?:\d[ -]?){12,25}(\d{4})(?![0-9A-Za-z])"), r"****\1"),  # account or card number
    (re.compile(r"([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]*(@[A-Za-z0-9.-]+)"), r"\1***\2"),  # e-mail
)


def masked_name(name: str) -> str:
    """The surname only: 王敏 → 王*, 欧阳明月 → 欧***."""
    plain = name.strip()
    return plain[:1] + "*" * (len(plain) - 1)


def masked_text(text: str) -> str:
    """Identity numbers, mobile phones, accounts and addresses in running text. Office phones stay."""
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text
