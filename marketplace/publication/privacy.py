"""Identity numbers never stand in what is published (R-PUB-02). Pure: texts in, decision out.

Example: «联系人身份证 110101199003070118» is refused, a credit code such as 52310106MJ49876543 is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from stdnum.cn import ric

from marketplace.core.decisions import Decision, allow, refuse

CANDIDATE = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")


def identity_numbers(text: str) -> list[str]:
    """Numbers with a birth date, a region and a check digit that fit."""
    return [found for found in CANDIDATE.findall(text) if ric.is_valid(found.upper())]


def no_identity_number(texts: Mapping[str, Any]) -> Decision:
    """R-PUB-02: asked of each field before it can become public; the field with the number is named."""
    for name, value in texts.items():
        for text in all_text(value):
            numbers = identity_numbers(text)
            if numbers:
                return refuse(
                    _("«%(number)s» is a person's identity number: take it out, this text becomes public.")
                    % {"number": f"{numbers[0][:6]}…{numbers[0][-2:]}"},
                    "R-PUB-02",
                    field=name,
                )
    return allow("R-PUB-02", _("No identity number stands in the text."))


def all_text(value: Any) -> Iterator[str]:
    """Every text in a value of a notice: plain, in lists, in tables."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from all_text(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from all_text(each)
    elif isinstance(value, str):
        yield value
