"""The composer of the application form: adding a block, writing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.web.forms import StepForm, long_text

from ..models import BlockKind, Criterion
from ..rules.form import MOST_CHARACTERS, MOST_ROWS, Block


class AddBlockForm(forms.Form):
    kind = forms.ChoiceField(label=_("Add a block"), choices=BlockKind.choices)


class BlockForm(StepForm):
    """Only the fields that the kind has."""

    title = forms.CharField(label=_("Title"), max_length=120)
    help = forms.CharField(label=_("Help for applicants"), max_length=400, required=False, widget=long_text(3))
    criterion = forms.ChoiceField(
        label=_("Which criterion of the selection does it answer?"),
        choices=[("", _("None")), *Criterion.choices],
        required=False,
        help_text=_("Reviewers find the answers by it (R-VENT-12)."),
    )
    is_required = forms.BooleanField(label=_("Must be filled"), required=False)
    most_characters = forms.IntegerField(
        label=_("Characters, at most"),
        min_value=1,
        max_value=MOST_CHARACTERS,
        help_text=_("As the applicant sees them counted."),
    )
    columns = forms.CharField(
        label=_("Columns"), widget=long_text(4), help_text=_("One a line, eight at most."), required=False
    )
    least_rows = forms.IntegerField(label=_("Rows, at least"), min_value=0, max_value=MOST_ROWS)
    most_rows = forms.IntegerField(label=_("Rows, at most"), min_value=1, max_value=MOST_ROWS)

    def __init__(self, *args: Any, block: Block, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.block = block
        if block.has_rows:
            del self.fields["most_characters"]
        else:
            del self.fields["least_rows"], self.fields["most_rows"]
        if block.kind != BlockKind.TABLE:
            del self.fields["columns"]

    def as_block(self) -> Block:
        data = self.cleaned_data
        names = [line.strip() for line in data.get("columns", "").splitlines() if line.strip()]
        return Block(
            key=self.block.key,
            kind=self.block.kind,
            title=data["title"].strip(),
            help=data["help"].strip(),
            criterion=data["criterion"],
            is_required=data["is_required"],
            most_characters=data.get("most_characters"),
            least_rows=data.get("least_rows", self.block.least_rows),
            most_rows=data.get("most_rows", self.block.most_rows),
            columns=tuple(names),
        )


def initial_of(block: Block) -> dict[str, Any]:
    names = ("title", "help", "criterion", "is_required", "most_characters", "least_rows", "most_rows")
    return {**{name: getattr(block, name) for name in names}, "columns": "\n".join(block.columns)}
