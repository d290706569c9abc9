"""Reading a year's table of holidays and shifted working days (R-TIME-04, R-TIME-08), row by row.

One day a line: date, 休 or 班 (rest, work), reason. `2027-01-01 休 元旦`; blanks, commas, tabs or semicolons between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

REST = frozenset({"休", "休息", "放假", "假", "rest", "holiday"})
WORK = frozenset({"班", "上班", "调休上班", "work", "workday"})
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
SATURDAY = 5
SEPARATORS = re.compile(r"[\s,;，；、\t]+")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def is_plain_workday(day: date) -> bool:
    return day.weekday() < SATURDAY


@dataclass(frozen=True)
class TableDay:
    day: date
    is_workday: bool
    reason: str

    @property
    def differs(self) -> bool:
        """From plain Monday to Friday; the others need not be stored."""
        return self.is_workday != is_plain_workday(self.day)


@dataclass(frozen=True)
class RowError:
    row: int
    text: str
    message: str


@dataclass
class YearTable:
    """What was read: the days, and what is wrong in which row (rows count from 1, empty ones included)."""

    year: int
    days: list[TableDay] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def differing(self) -> list[TableDay]:
        return sorted((day for day in self.days if day.differs), key=lambda day: day.day)

    @property
    def holidays(self) -> int:
        return sum(not day.is_workday for day in self.differing)

    @property
    def shifted(self) -> int:
        return sum(day.is_workday for day in self.differing)


def read_table(text: str, year: int) -> YearTable:
    table, seen = YearTable(year), set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = read_row(line, year)
        if isinstance(found, TableDay) and found.day in seen:
            found = _("This day stands in the table twice.")
        if isinstance(found, TableDay):
            seen.add(found.day)
            table.days.append(found)
        else:
            table.errors.append(RowError(number, line.strip()[:80], found))
    return table


def read_row(line: str, year: int) -> TableDay | str:
    """The day, or what is wrong with the row."""
    parts = [part for part in SEPARATORS.split(line.strip()) if part]
    day = read_date(parts[0])
    if day is None:
        return _("«%(text)s» is no date. Write it like 2027-01-01.") % {"text": parts[0]}
    if day.year != year:
        return _("%(day)s is not in %(year)d.") % {"day": day.isoformat(), "year": year}
    word = parts[1].lower() if len(parts) > 1 else ""
    if word not in REST | WORK:
        return _("After the date stands 休 (rest) or 班 (work), not «%(text)s».") % {"text": word}
    return TableDay(day, word in WORK, " ".join(parts[2:])[:80])


def read_date(text: str) -> date | None:
    match = DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*(int(group) for group in match.groups()))
    except ValueError:
        return None


def check_table(table: YearTable) -> Decision:
    """No row is wrong, and the holidays of fixed date are rest days, so that a wrong or half table is not taken."""
    if table.errors:
        return refuse(_("Some rows are wrong; nothing was entered."), "R-TIME-04", field="table")
    working = {day.day for day in table.days if day.is_workday}
    resting = {day.day for day in table.days if not day.is_workday}
    for month, number in FIXED:
        day = date(table.year, month, number)
        if day in working or (day.weekday() < SATURDAY and day not in resting):
            return refuse(
                _("%(day)s is a statutory holiday but a working day in this table. Is it complete?")
                % {"day": day.isoformat()},
                "R-TIME-04",
                field="table",
            )
    return allow("R-TIME-04")


def check_past_unchanged(table: YearTable, known: dict[date, bool], today: date) -> Decision:
    """A year that is known may be corrected for days to come only: deadlines were counted by the others."""
    wanted = {day.day: day.is_workday for day in table.differing}
    for day in sorted(known.keys() | wanted.keys()):
        plain = is_plain_workday(day)
        if day < today and known.get(day, plain) != wanted.get(day, plain):
            return refuse(
                _("%(day)s has passed and deadlines were counted by it; only days to come may change.")
                % {"day": day.isoformat()},
                "R-TIME-08",
                field="table",
            )
    return allow("R-TIME-08")
