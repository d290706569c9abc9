"""What of a published call a correction may rewrite: target, label, text as it stands; and the writing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ..models import Call, FormBlock

FIELDS = ("guide", "contact_name", "contact_phone")
LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class Passage:
    target: str
    label: str
    text: str


def passages(call: Call) -> dict[str, Passage]:
    """The guide, whom to ask, the answers given before anybody asked, and the help at each block of the form.

    Money, rules, who may apply and what is asked stay: an application begun must stay a good one.
    """
    with translation.override(LANGUAGE):
        found = [Passage(f"field:{name}", str(_field(name).verbose_name), getattr(call, name)) for name in FIELDS]
        for block in call.blocks.all():
            found.append(Passage(f"block:{block.key}", _("Help at «%(title)s»") % {"title": block.title}, block.help))
        for row in call.faq.all():
            found.append(Passage(f"faq:{row.pk}", _("Answer to «%(title)s»") % {"title": row.question}, row.answer))
    return {passage.target: passage for passage in found}


def _field(name: str) -> Any:
    return Call._meta.get_field(name)


def write_passage(call: Call, target: str, text: str) -> None:
    """Puts the corrected text in its place. Called by the correction's publication only."""
    kind, _colon, key = target.partition(":")
    if kind == "field":
        setattr(call, key, text)
        call.save(update_fields=[key])
    elif kind == "block":
        FormBlock.objects.filter(call=call, key=key).update(help=text)
    else:
        call.faq.filter(pk=key).update(answer=text)
