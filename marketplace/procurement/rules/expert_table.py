"""The table of experts that the operator imports: which column means what, and what is wrong where.

Nothing is imported half: one error and no row counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

COLUMNS = {
    "编号": "number",
    "姓名": "name",
    "电子邮箱": "email",
    "电话": "phone",
    "工作单位": "employer",
    "职称": "title",
    "专业领域": "fields",
    "地区代码": "region",
}
OPTIONAL = {"phone"}
LONGEST = {
    "number": 30,
    "name": 60,
    "email": 254,
    "phone": 30,
    "employer": 120,
    "title": 60,
    "fields": 200,
    "region": 6,
}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
REGION = re.compile(r"\d{6}")
FIELD = re.compile(r"[A-Za-z]?\d{1,10}|\*")


@dataclass(frozen=True)
class Line:
    """One line of a sheet as read; `row` counts as people see it, the heading is row 1."""

    sheet: str
    row: int
    cells: Sequence[str]


@dataclass(frozen=True)
class ExpertRow:
    number: str
    name: str
    email: str
    phone: str
    employer: str
    title: str
    fields: str
    region: str


@dataclass(frozen=True)
class RowError:
    """Where, and which rule of the table."""

    sheet: str
    row: int
    column: str
    rule: str


@dataclass(frozen=True)
class Register:
    """What is in the register already: number → e-mail."""

    emails: dict[str, str]


@dataclass(frozen=True)
class CheckedTable:
    rows: tuple[ExpertRow, ...]
    errors: tuple[RowError, ...]


def check_table(lines: Iterable[Line], register: Register) -> CheckedTable:
    """All rows, or all errors: each with sheet, row, column and the rule that it breaks."""
    rows: list[ExpertRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    order: dict[str, list[str]] = {}
    for line in lines:
        if line.sheet not in order:
            order[line.sheet] = [COLUMNS.get(cell.strip(), "") for cell in line.cells]
            errors += missing_columns(line, order[line.sheet])
            continue
        if not any(cell.strip() for cell in line.cells):
            continue
        row = as_row(order[line.sheet], line)
        errors += [*cell_errors(line, row), *register_errors(line, row, register), *repeated(line, row, seen)]
        rows.append(row)
    if not rows and not errors:
        errors.append(RowError("", 1, "", _("The table has no rows.")))
    return CheckedTable(() if errors else tuple(rows), tuple(errors))


def missing_columns(line: Line, names: Sequence[str]) -> list[RowError]:
    return [
        RowError(line.sheet, line.row, heading, _("This column is missing in the first row."))
        for heading, name in COLUMNS.items()
        if name not in names and name not in OPTIONAL
    ]


def as_row(names: Sequence[str], line: Line) -> ExpertRow:
    values = {name: cell.strip() for name, cell in zip(names, line.cells, strict=False) if name}
    values["email"] = values.get("email", "").lower()
    values["fields"] = " ".join(re.split(r"[\s,，、;；]+", values.get("fields", ""))).strip()
    return ExpertRow(**{field.name: values.get(field.name, "") for field in fields(ExpertRow)})


def heading(name: str) -> str:
    return next(text for text, column in COLUMNS.items() if column == name)


def cell_errors(line: Line, row: ExpertRow) -> list[RowError]:
    found = []
    for name in COLUMNS.values():
        rule = cell_rule(name, getattr(row, name))
        if rule:
            found.append(RowError(line.sheet, line.row, heading(name), rule))
    return found


def cell_rule(name: str, value: str) -> str:
    """The rule that a cell breaks, or nothing."""
    if not value:
        return "" if name in OPTIONAL else _("This cell must not be empty.")
    if len(value) > LONGEST[name]:
        return _("At most %(most)s characters.") % {"most": LONGEST[name]}
    if name == "email" and not EMAIL.fullmatch(value):
        return _("This is not an e-mail address.")
    if name == "region" and not REGION.fullmatch(value):
        return _("A region code has six digits (GB/T 2260).")
    if name == "fields" and not all(FIELD.fullmatch(code) for code in value.split()):
        return _("Fields are codes of the service directory, separated by spaces; * stands for all.")
    return ""


def register_errors(line: Line, row: ExpertRow, register: Register) -> list[RowError]:
    """A number belongs to one person for ever, and a person has one number."""
    known = register.emails.get(row.number)
    if known is not None and known != row.email:
        return [RowError(line.sheet, line.row, heading("number"), _("This number belongs to another expert."))]
    if known is None and row.email and row.email in register.emails.values():
        return [
            RowError(
                line.sheet, line.row, heading("email"), _("This address belongs to an expert with another number.")
            )
        ]
    return []


def repeated(line: Line, row: ExpertRow, seen: dict[tuple[str, str], tuple[str, int]]) -> list[RowError]:
    """The same number or address twice in one file."""
    found = []
    for name in ("number", "email"):
        key = (name, getattr(row, name))
        if key[1] and key in seen:
            sheet, number = seen[key]
            rule = _("The same as in row %(row)s of sheet %(sheet)s.") % {"row": number, "sheet": sheet}
            found.append(RowError(line.sheet, line.row, heading(name), rule))
        seen.setdefault(key, (line.sheet, line.row))
    return found
