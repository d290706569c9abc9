"""The application form of a call as values: blocks in order, the columns that each kind has, what a form must hold.

Applicants, reviewers and the preview read `Block`s, from the draft or from a frozen `FormVersion`. A block's key
never changes; answers find their block by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from marketplace.core.decisions import Decision, allow, refuse

TEXT, TABLE, BUDGET, TIMETABLE, ATTACHMENTS = "text", "table", "budget", "timetable", "attachments"
ONLY_ONCE = (BUDGET, TIMETABLE)
CRITERIA = ("need", "plan", "innovation", "team", "budget", "effect")
MOST_BLOCKS, MOST_COLUMNS, MOST_ROWS, MOST_CHARACTERS = 40, 8, 60, 20000


@dataclass(frozen=True)
class Column:
    """A column of a block with rows; `kind`: text, long, date, number or amount."""

    key: str
    label: Any
    kind: str = "text"


FIXED: Mapping[str, tuple[Column, ...]] = {
    "logic": (
        Column("goal", gettext_lazy("Goal"), "long"),
        Column("activity", gettext_lazy("Activity"), "long"),
        Column("output", gettext_lazy("Output: what can be counted"), "long"),
        Column("outcome", gettext_lazy("Outcome: what changes for people"), "long"),
    ),
    TIMETABLE: (
        Column("stage", gettext_lazy("Stage")),
        Column("starts_on", pgettext_lazy("dates", "From"), "date"),
        Column("ends_on", pgettext_lazy("dates", "To"), "date"),
        Column("activity", gettext_lazy("What is done"), "long"),
    ),
    "team": (
        Column("name", pgettext_lazy("person", "Name")),
        Column("task", gettext_lazy("Task in the project")),
        Column("certificate", gettext_lazy("Certificate and number")),
        Column("hours", gettext_lazy("Hours a month"), "number"),
    ),
    "risk": (
        Column("risk", gettext_lazy("Risk"), "long"),
        Column("answer", gettext_lazy("How it is met"), "long"),
    ),
    "beneficiaries": (
        Column("group", gettext_lazy("Who benefits")),
        Column("place", gettext_lazy("Where")),
        Column("people", pgettext_lazy("seats", "People"), "number"),
        Column("found", gettext_lazy("How they are found and chosen"), "long"),
    ),
    BUDGET: (
        Column("kind", gettext_lazy("Kind of cost"), "cost"),
        Column("name", gettext_lazy("Cost")),
        Column("basis", gettext_lazy("How computed")),
        Column("amount", gettext_lazy("Amount (yuan)"), "amount"),
    ),
    ATTACHMENTS: (Column("title", gettext_lazy("Title")), Column("file", gettext_lazy("File"), "file")),
}


@dataclass(frozen=True)
class Block:
    """One block: what applicants are asked, and within which limits."""

    key: str
    kind: str
    title: str
    help: str = ""
    criterion: str = ""
    is_required: bool = True
    most_characters: int | None = None
    least_rows: int = 1
    most_rows: int = 20
    columns: tuple[str, ...] = ()

    @property
    def has_rows(self) -> bool:
        return self.kind != TEXT

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The officer's columns of a free table, else those of the kind."""
        if self.kind == TABLE:
            return tuple(Column(f"c{n}", name, "long") for n, name in enumerate(self.columns, start=1))
        return FIXED.get(self.kind, ())


def as_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    return [{**asdict(block), "columns": list(block.columns)} for block in blocks]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Block]:
    return [Block(**{**row, "columns": tuple(row["columns"])}) for row in rows]


def next_key(keys: Iterable[str]) -> str:
    """b1, b2, …: one more than the highest."""
    return f"b{max((int(key[1:]) for key in keys), default=0) + 1}"


# What the check list says of a form.


def form_decisions(blocks: Sequence[Block]) -> list[Decision]:
    if not blocks:
        words = _("The form has no block yet: begin with the standard form, or add blocks.")
        return [refuse(words, "R-VENT-12", field="form")]
    return [
        _has(
            any(block.kind == TEXT and block.criterion == "need" and block.is_required for block in blocks),
            "R-VENT-03",
            _("Applicants describe the need."),
            _("Add a text that must be filled and answers «need»: projects are judged on it first."),
        ),
        _has(
            any(block.kind == BUDGET for block in blocks),
            "R-SCOPE-02",
            _("Every cost line names the pot that pays for it."),
            _("Add the budget block: every cost line has to name its pot."),
        ),
        _has(
            any(block.kind == TIMETABLE for block in blocks),
            "R-VENT-06",
            _("Applicants give a timetable."),
            _("Add the timetable block: the period of a project is limited."),
        ),
        *_faults(blocks),
        criteria_answered(blocks),
    ]


def criteria_answered(blocks: Sequence[Block]) -> Decision:
    """R-VENT-12: what projects are scored on is asked for somewhere in the form."""
    silent = [name for name in CRITERIA if name not in {block.criterion for block in blocks}]
    return _has(
        not silent,
        "R-VENT-12",
        _("Every criterion of the selection is answered by a block."),
        _("No block answers %(names)s: mark one, or switch the rule off with a reason.")
        % {"names": "、".join(str(CRITERION_NAMES[name]) for name in silent)},
    )


CRITERION_NAMES = {
    "need": gettext_lazy("Need"),
    "plan": gettext_lazy("Plan and feasibility"),
    "innovation": gettext_lazy("Innovation"),
    "team": gettext_lazy("Team"),
    "budget": pgettext_lazy("criterion", "Budget"),
    "effect": gettext_lazy("Effect and lasting power"),
}


def _faults(blocks: Sequence[Block]) -> Iterator[Decision]:
    for block in blocks:
        fault = block_fault(block)
        if not fault.allowed:
            yield fault
    kinds = Counter(block.kind for block in blocks)
    if any(kinds[kind] > 1 for kind in ONLY_ONCE):
        words = _("A form has one budget and one timetable; take the second one out.")
        yield refuse(words, "R-SCOPE-02", field="form")
    same = [title for title, times in Counter(block.title.strip() for block in blocks).items() if times > 1]
    if same:
        words = _("Two blocks are called «%(title)s»; applicants could not tell them apart.") % {"title": same[0]}
        yield refuse(words, "R-VENT-12", field="form")


def block_fault(block: Block) -> Decision:
    """Limits of one block that nobody could meet, columns that are missing."""
    for holds, words, field in _limits(block):
        if not holds:
            return refuse(words % {"title": block.title}, "R-VENT-12", field=field)
    return allow()


def _limits(block: Block) -> Iterator[tuple[bool, str, str]]:
    yield bool(block.title.strip()), _("Write a title for the block."), "title"
    if not block.has_rows:
        most = block.most_characters or 0
        yield (
            1 <= most <= MOST_CHARACTERS,
            _("«%(title)s»: say how many characters at most, from 1 to 20,000."),
            "most_characters",
        )
        return
    yield (
        1 <= block.most_rows <= MOST_ROWS,
        _("«%(title)s»: say how many rows at most, from 1 to 60."),
        "most_rows",
    )
    yield (
        block.least_rows <= block.most_rows,
        _("«%(title)s»: it asks for more rows than it allows."),
        "least_rows",
    )
    yield (
        block.kind != TABLE or 1 <= len(block.columns) <= MOST_COLUMNS,
        _("«%(title)s»: name one to eight columns, one a line."),
        "columns",
    )
    yield (
        len(set(block.columns)) == len(block.columns),
        _("«%(title)s»: two columns have the same name."),
        "columns",
    )


def _has(holds: bool, rule_id: str, yes: str, no: str) -> Decision:
    return allow(rule_id, yes) if holds else refuse(no, rule_id, field="form")


# A form to start from: its blocks follow the criteria of R-VENT-12.

STANDARD: tuple[Block, ...] = (
    Block("b1", TEXT, "项目需求", "谁遇到了什么问题？用走访、数据或者居民的话说明。", "need", most_characters=1500),
    Block("b2", "beneficiaries", "服务对象", "每一类服务对象一行，人数按实名计算。", "need", most_rows=8),
    Block("b3", "logic", "目标、活动、产出与成效", "一个目标一行，产出要数得出来。", "plan", most_rows=8),
    Block("b4", TIMETABLE, "进度安排", "从签约后开始，按阶段写。", "plan", most_rows=12),
    Block("b5", "risk", "风险与应对", "", "plan", most_rows=8),
    Block("b6", TEXT, "创新之处", "与已有服务相比，新在哪里？", "innovation", most_characters=800),
    Block("b7", "team", "项目团队", "写明持证情况；没有证书的写“无”。", "team", most_rows=15),
    Block("b8", BUDGET, "项目预算", "每一行费用写明由哪个资金池承担，自筹部分单列。", "budget", most_rows=40),
    Block("b9", TEXT, "成效与可持续", "项目结束后，什么会留下来？", "effect", most_characters=1000),
    Block("b10", ATTACHMENTS, "附件", "登记证书、上年度审计报告、合作意向书等。", "", least_rows=0, most_rows=10),
)
