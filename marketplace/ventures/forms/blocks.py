"""The application form as an applicant sees it: for each block a form or rows, made from the frozen `Block`.

The preview of the composer, the public page and the applicant's own pages all come from here, so that nobody is
shown another form than the one to be filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField
from marketplace.web.forms import BaseRows, day_input, long_text

from ..models import CallPot, CostKind
from ..rules.form import BUDGET, TEXT, Block, Column

LONGEST_CELL = 1000
OWN = "own"
NEEDED_OF_A_LINE = ("kind", "name", "amount")


class AnswerField(forms.CharField):
    """Shown as what has to be filled; while one writes, a gap is no mistake.

    No `maxlength`: a browser would count an emoji twice and cut the text. The rules count as people do, and say so.
    """

    def __init__(self, *, is_strict: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_strict = is_strict

    def validate(self, value: Any) -> None:
        if self.is_strict:
            super().validate(value)


@dataclass(frozen=True)
class Asked:
    """One block with what is to be filled in: `form` of a text, `rows` of everything else."""

    block: Block
    form: Any = None
    rows: Any = None


def asked(
    block: Block,
    pots: Sequence[CallPot] = (),
    *,
    data: Any = None,
    files: Any = None,
    initial: Any = None,
    is_strict: bool = False,
) -> Asked:
    """The block's form, empty, filled with `initial`, or bound to what was sent. `is_strict`: what must be filled is
    asked for (at handing in); while one writes, gaps are fine."""
    if block.kind == TEXT:
        text_form = type("TextAnswer", (forms.Form,), {"text": answer_field(block, is_strict=is_strict)})
        return Asked(block, form=text_form(data, initial=initial, prefix=block.key))
    rows = _rows(block, pots, is_strict)
    return Asked(block, rows=rows(data, files, initial=initial, prefix=block.key))


def answer_field(block: Block, *, is_strict: bool = False) -> AnswerField:
    return AnswerField(
        label=block.title,
        is_strict=is_strict,
        required=block.is_required,
        widget=long_text(8),
    )


def _rows(block: Block, pots: Sequence[CallPot], is_strict: bool) -> type[BaseRows]:
    """At least one empty row is offered; more can be added up to the limit."""
    kept = NEEDED_OF_A_LINE if block.kind == BUDGET else ()
    fields = {column.key: _field(column, not is_strict and column.key not in kept) for column in block.all_columns}
    if block.kind == BUDGET:
        fields |= _shares(pots)
    least = block.least_rows if is_strict and block.is_required else 0
    return forms.formset_factory(  # type: ignore[return-value]
        type("AnswerRow", (forms.Form,), fields),
        formset=BaseRows,
        extra=max(min(block.least_rows, 3), 1),
        min_num=least,
        validate_min=bool(least),
        max_num=block.most_rows,
        absolute_max=block.most_rows,
        validate_max=True,
        can_delete=True,
    )


def _field(column: Column, is_lenient: bool) -> forms.Field:
    """While one writes, a cell may still be empty; the check list names it. A cost line has a name and an amount."""
    makers: Mapping[str, Any] = {
        "text": lambda: forms.CharField(label=column.label, max_length=200),
        "long": lambda: forms.CharField(label=column.label, max_length=LONGEST_CELL, widget=long_text(2)),
        "date": lambda: forms.DateField(label=column.label, widget=day_input()),
        "number": lambda: forms.IntegerField(label=column.label, min_value=0, max_value=10_000_000),
        "amount": lambda: YuanField(label=column.label),
        "cost": lambda: forms.ChoiceField(label=column.label, choices=CostKind.choices, initial=CostKind.DIRECT),
        "file": lambda: forms.FileField(label=column.label),
    }
    field: forms.Field = makers[column.kind]()
    if is_lenient:
        field.required, field.is_needed_later = False, True  # type: ignore[attr-defined]
    return field


def _shares(pots: Sequence[CallPot]) -> dict[str, forms.Field]:
    """Every cost line says which pot pays how much of it; unseparated money has no place (R-SCOPE-02)."""
    shares: dict[str, forms.Field] = {
        f"pot_{pot.pk}": YuanField(
            label=_("Of it from «%(pot)s» (yuan)") % {"pot": pot.name}, required=False, allow_zero=True
        )
        for pot in pots
    }
    own = YuanField(label=_("Of it own or social money (yuan)"), required=False, allow_zero=True)
    return {**shares, OWN: own}
