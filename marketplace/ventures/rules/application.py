"""The check list of an application: for each page what holds and what does not yet. Pure: facts in, decisions out.

The same list stands beside every page while one types, is enforced at handing in, and stands before the officer at the
pre-review. Limits are those that the call has published; a rule that the call has switched off is left out.

Example of a budget: lines of 600.00 (pot 360.00, own 240.00) and 400.00 (pot 240.00, own 160.00): total 1,000.00,
granted 600.00, own 40 %.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import day_of

from .form import ATTACHMENTS, BUDGET, TEXT, TIMETABLE, Block
from .spending import spending_decisions
from .switches import applied
from .values import plain

ZERO = Decimal(0)
STAFF, INDIRECT = "staff", "indirect"
BASICS = "basics"


@dataclass(frozen=True)
class Pot:
    """A pot of the call as an applicant may name it. `theme`: kept for that theme alone."""

    key: int
    name: str
    is_lottery: bool = False
    theme: int | None = None


@dataclass(frozen=True)
class Line:
    """A cost line: amounts by pot, and own or social money."""

    name: str
    amount: Decimal
    kind: str = "direct"
    basis: str = ""
    pots: Mapping[int, Decimal] = field(default_factory=dict)
    own: Decimal = ZERO

    @property
    def granted(self) -> Decimal:
        return sum(self.pots.values(), ZERO)


@dataclass(frozen=True)
class Limits:
    """What the call has published. None: no limit of this kind."""

    cap: Decimal | None
    own_share: Decimal
    indirect: Decimal
    staff: Decimal | None
    months_least: int
    months_most: int
    off: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sums:
    """What the lines come to."""

    total: Decimal
    granted: Decimal
    own: Decimal
    by_pot: Mapping[int, Decimal]
    by_kind: Mapping[str, Decimal]


@dataclass(frozen=True)
class ApplicationFacts:
    """Everything that the rules ask about an application."""

    title: str
    summary: str
    place: str
    theme: int | None
    themes: tuple[int, ...]
    starts_on: date | None
    ends_on: date | None
    deadline: datetime
    blocks: tuple[Block, ...]
    texts: Mapping[str, str]
    rows: Mapping[str, Sequence[Sequence[str]]]
    files: Mapping[str, int]
    lines: tuple[Line, ...]
    pots: Mapping[int, Pot]
    limits: Limits


def check_list(facts: ApplicationFacts) -> dict[str, list[Decision]]:
    """Decisions by page, in their order."""
    pages = {BASICS: list(_basics(facts))}
    for block in facts.blocks:
        pages[block.key] = list(_block(block, facts))
    return {key: [applied(decision, facts.limits.off) for decision in rows] for key, rows in pages.items()}


# Basics: name, theme, period


def _basics(facts: ApplicationFacts) -> Iterator[Decision]:
    yield _when(bool(facts.title.strip()), "R-VENT-01", _("The project has a name."), _("Name the project."), "title")
    yield _when(
        bool(facts.summary.strip()),
        "R-VENT-01",
        _("The project is summed up."),
        _("Sum the project up in three sentences."),
        "summary",
    )
    if facts.themes:
        yield _when(
            facts.theme in facts.themes,
            "R-VENT-05",
            _("The theme is chosen."),
            _("Choose one of the themes of the call."),
            "theme_id",
        )
    words = _("Say where the project works.")
    yield _when(bool(facts.place.strip()), "R-VENT-05", _("The place is named."), words, "place")
    yield from period_decisions(facts.starts_on, facts.ends_on, facts.deadline, facts.limits)


def period_decisions(
    starts_on: date | None, ends_on: date | None, deadline: datetime, limits: Limits
) -> Iterator[Decision]:
    if starts_on is None or ends_on is None:
        yield refuse(_("Say from when to when the project runs."), "R-VENT-06", field="starts_on")
        return
    yield _when(
        starts_on > day_of(deadline),
        "R-VENT-01",
        _("The project begins after the call has closed."),
        _("The project begins after the deadline of the call: what is done before is not paid for."),
        "starts_on",
    )
    shown = {"least": limits.months_least, "most": limits.months_most}
    earliest, latest = last_day_of(starts_on, limits.months_least), last_day_of(starts_on, limits.months_most)
    yield _when(
        earliest <= ends_on <= latest,
        "R-VENT-06",
        _("The project runs %(least)s to %(most)s months.") % shown,
        _("A project runs %(least)s to %(most)s months: let it end between %(earliest)s and %(latest)s.")
        % {**shown, "earliest": earliest.isoformat(), "latest": latest.isoformat()},
        "ends_on",
    )


def last_day_of(start: date, months: int) -> date:
    """The last day of a project of whole months: 1 September + 8 months = 30 April; 31 August + 6 = 28 February."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    length = monthrange(year, month + 1)[1]
    return first.replace(day=length) if start.day > length else first.replace(day=start.day) - timedelta(days=1)


# One block


def _block(block: Block, facts: ApplicationFacts) -> Iterator[Decision]:
    if block.kind == TEXT:
        yield _text(block, facts.texts.get(block.key, ""))
    elif block.kind == ATTACHMENTS:
        yield _count(block, facts.files.get(block.key, 0), _("files"))
    elif block.kind == BUDGET:
        yield _count(block, len(facts.lines), _("rows"))
        yield from _computed(facts.lines)
        yield from budget_decisions(facts.lines, facts.pots, facts.limits, facts.theme)
    else:
        yield from _rows(block, facts)


def characters(text: str) -> int:
    """As a person counts: one emoji of one code point is one, a new line is one however a browser sends it."""
    return len(text.replace("\r\n", "\n"))


def _text(block: Block, text: str) -> Decision:
    most, count = block.most_characters or 0, characters(text)
    if not text.strip():
        if not block.is_required:
            return allow("", _("May stay empty."))
        return refuse(_("«%(title)s» is still empty.") % {"title": block.title}, "R-VENT-12", field="text")
    shown = {"title": block.title, "n": f"{count:,}", "most": f"{most:,}", "over": f"{count - most:,}"}
    if count <= most:
        return allow("R-VENT-12", _("%(n)s of %(most)s characters.") % shown)
    words = _("«%(title)s»: %(n)s characters, %(most)s are allowed. Shorten it by %(over)s.")
    return refuse(words % shown, "R-VENT-12", field="text")


def _count(block: Block, count: int, noun: str) -> Decision:
    least = block.least_rows if block.is_required else 0
    shown = {"title": block.title, "n": count, "least": least, "most": block.most_rows, "noun": noun}
    if count < least:
        words = _("«%(title)s»: %(n)s %(noun)s, at least %(least)s are asked for.")
        return refuse(words % shown, "R-VENT-12", field="rows")
    if count > block.most_rows:
        return refuse(_("«%(title)s»: %(n)s %(noun)s, at most %(most)s.") % shown, "R-VENT-12", field="rows")
    return allow("R-VENT-12", _("%(n)s %(noun)s.") % shown)


def _rows(block: Block, facts: ApplicationFacts) -> Iterator[Decision]:
    rows = facts.rows.get(block.key, ())
    yield _count(block, len(rows), _("rows"))
    columns = block.all_columns
    for place, row in enumerate(rows, start=1):
        gaps = [str(column.label) for column, text in zip(columns, row, strict=False) if not text.strip()]
        if gaps:
            shown = {"title": block.title, "row": place, "columns": "、".join(gaps)}
            yield refuse(_("«%(title)s», row %(row)s: %(columns)s is empty.") % shown, "R-VENT-12", field="rows")
    if block.kind == TIMETABLE:
        yield from _stages(rows, facts.starts_on, facts.ends_on)


def _stages(rows: Sequence[Sequence[str]], starts_on: date | None, ends_on: date | None) -> Iterator[Decision]:
    """R-VENT-06: stages in order of time, inside the project's period."""
    for place, row in enumerate(rows, start=1):
        begins, ends = _day(row[1]), _day(row[2])
        if begins is None or ends is None:
            continue
        if begins > ends:
            words = _("Row %(row)s of the timetable ends before it begins.")
            yield refuse(words % {"row": place}, "R-TIME-01", field="rows")
        elif starts_on and ends_on and not (starts_on <= begins and ends <= ends_on):
            words = _("Row %(row)s of the timetable lies outside the period of the project (%(start)s to %(end)s).")
            shown = {"row": place, "start": starts_on.isoformat(), "end": ends_on.isoformat()}
            yield refuse(words % shown, "R-VENT-06", field="rows")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# The budget


def sums_of(lines: Sequence[Line]) -> Sums:
    by_pot: dict[int, Decimal] = {}
    by_kind: dict[str, Decimal] = {}
    for line in lines:
        by_kind[line.kind] = by_kind.get(line.kind, ZERO) + line.amount
        for pot, amount in line.pots.items():
            by_pot[pot] = by_pot.get(pot, ZERO) + amount
    return Sums(
        total=sum((line.amount for line in lines), ZERO),
        granted=sum(by_pot.values(), ZERO),
        own=sum((line.own for line in lines), ZERO),
        by_pot=by_pot,
        by_kind=by_kind,
    )


def budget_decisions(
    lines: Sequence[Line], pots: Mapping[int, Pot], limits: Limits, theme: int | None
) -> Iterator[Decision]:
    """Every rule that a budget has to hold; nothing to say of one that has no line yet."""
    if not lines:
        return
    sums = sums_of(lines)
    yield from _separated(lines)
    yield _asks_for_money(sums)
    for key, amount in sums.by_pot.items():
        if key in pots:
            shown = {"pot": pots[key].name, "amount": f"{amount:,.2f}"}
            yield allow("R-SCOPE-02", _("From «%(pot)s»: %(amount)s yuan.") % shown)
    yield from _of_this_theme(lines, pots, theme)
    yield from _cap(sums, limits)
    yield from _own_money(sums, limits)
    yield from _ceilings(sums, limits)
    yield from spending_decisions(
        (row, line.name, line.basis, line.kind, _payers(line, pots)) for row, line in _placed(lines)
    )


def _placed(lines: Sequence[Line]) -> Iterator[tuple[int, Line]]:
    return enumerate(lines, start=1)


def _payers(line: Line, pots: Mapping[int, Pot]) -> tuple[bool, bool]:
    """Whether a pot pays for it, and whether a lottery pot does."""
    paying = [pots[key] for key in line.pots if key in pots]
    return bool(paying), any(pot.is_lottery for pot in paying)


def _computed(lines: Sequence[Line]) -> Iterator[Decision]:
    for row, line in _placed(lines):
        if not line.basis.strip():
            words = _("Row %(row)s «%(name)s»: say how the amount is computed.")
            yield refuse(words % {"row": row, "name": line.name}, "R-VENT-12", field="rows")


def _separated(lines: Sequence[Line]) -> Iterator[Decision]:
    """R-SCOPE-02: every line says who pays it, and the shares are the line to the fen."""
    wrong = False
    for row, line in _placed(lines):
        shares = line.granted + line.own
        shown = {"row": row, "name": line.name, "amount": f"{line.amount:,.2f}", "shares": f"{shares:,.2f}"}
        if not shares:
            wrong = True
            words = _("Row %(row)s «%(name)s» names no pot: say which pot, or own money, pays the %(amount)s yuan.")
            yield refuse(words % shown, "R-SCOPE-02", field="rows")
        elif shares != line.amount:
            wrong = True
            words = _(
                "Row %(row)s «%(name)s»: pots and own money come to %(shares)s yuan, the line to %(amount)s yuan; "
                "they differ by %(gap)s yuan."
            )
            yield refuse(words % {**shown, "gap": f"{abs(line.amount - shares):,.2f}"}, "R-SCOPE-02", field="rows")
    if not wrong:
        yield allow("R-SCOPE-02", _("Every line names who pays it; all shares sum to their lines."))


def _asks_for_money(sums: Sums) -> Decision:
    words = _("No line is paid from a pot: an application asks for money of the call.")
    shown = {"granted": f"{sums.granted:,.2f}", "total": f"{sums.total:,.2f}"}
    yes = _("%(granted)s of %(total)s yuan are asked of the pots.") % shown
    return _when(sums.granted > 0, "R-VENT-01", yes, words, "rows")


def _of_this_theme(lines: Sequence[Line], pots: Mapping[int, Pot], theme: int | None) -> Iterator[Decision]:
    for row, line in _placed(lines):
        for key in line.pots:
            pot = pots.get(key)
            if pot is None:
                words = _("Row %(row)s names a pot that this call does not have.")
                yield refuse(words % {"row": row}, "R-SCOPE-02", field="rows")
            elif pot.theme is not None and pot.theme != theme:
                words = _("Row %(row)s: the pot «%(pot)s» is kept for another theme. Choose another pot, or the theme.")
                yield refuse(words % {"row": row, "pot": pot.name}, "R-VENT-05", field="rows")


def _cap(sums: Sums, limits: Limits) -> Iterator[Decision]:
    if limits.cap is None:
        return
    shown = {"granted": f"{sums.granted:,.2f}", "cap": f"{limits.cap:,.2f}"}
    yield _when(
        sums.granted <= limits.cap,
        "R-VENT-06",
        _("%(granted)s yuan asked for, within the cap of %(cap)s yuan.") % shown,
        _("%(granted)s yuan are asked for; one project gets %(cap)s yuan at most.") % shown,
        "rows",
    )


def _own_money(sums: Sums, limits: Limits) -> Iterator[Decision]:
    if not limits.own_share or not sums.total:
        return
    least = limits.own_share
    shown = {"share": _percent(sums.own, sums.total), "least": plain(least)}
    yield _when(
        sums.own * 100 >= least * sums.total,
        "R-VENT-07",
        _("Own or social money pays %(share)s %%; %(least)s %% are asked for.") % shown,
        _("Own or social money pays %(share)s %%, at least %(least)s %% of the budget are asked for.") % shown,
        "rows",
    )


def _ceilings(sums: Sums, limits: Limits) -> Iterator[Decision]:
    for kind, most, name in (
        (INDIRECT, limits.indirect, _("Indirect costs")),
        (STAFF, limits.staff, _("Staff pay")),
    ):
        if most is None:
            continue
        part = sums.by_kind.get(kind, ZERO)
        shown = {"name": name, "share": _percent(part, sums.total), "most": plain(most)}
        yield _when(
            part * 100 <= most * sums.total,
            "R-VENT-14",
            _("%(name)s: %(share)s %%, within %(most)s %%.") % shown,
            _("%(name)s: %(share)s %% of the budget, at most %(most)s %%.") % shown,
            "rows",
        )


def _percent(part: Decimal, whole: Decimal) -> str:
    return plain((part * 100 / whole).quantize(Decimal("0.01"))) if whole else "0"


def _when(holds: bool, rule_id: str, yes: str, no: str, field_name: str) -> Decision:
    return allow(rule_id, yes) if holds else refuse(no, rule_id, field=field_name)
