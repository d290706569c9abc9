"""What the operator enters for the whole place: a year's working calendar, values of rules. Both go into the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.core import clock, workcalendar
from marketplace.core.catalogue import catalogue
from marketplace.core.decisions import refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import Refused
from marketplace.core.models import RuleValue, WorkCalendarDay, WorkCalendarYear

from ..actors import Actor
from ..permissions import can_operate
from ..rules import rule_values as rules
from ..rules.year_table import YearTable, check_past_unchanged, check_table, is_plain_workday, read_table


def enter_year(*, actor: Actor, year: int, source: str, table: str) -> WorkCalendarYear:
    """Enter or correct a year's table; refuses wrong rows, a half table, past years and changed past days."""
    with audit.transaction() as log:
        require_permission(can_operate(actor))
        today = clock.today()
        if year < today.year:
            require(refuse(_("This year has passed; its table stays."), "R-TIME-08", field="year"))
        if not source.strip():
            require(refuse(_("Name the notice that fixes the days, with its number."), "R-TIME-04", field="source"))
        read = read_table(table, year)
        require(check_table(read))
        if WorkCalendarYear.objects.filter(year=year).exists():
            known = WorkCalendarDay.objects.filter(date__year=year).values_list("date", "is_workday")
            require(check_past_unchanged(read, dict(known), today))
        source = source.strip()[:120]
        _write_days(read, source)
        entered, _created = WorkCalendarYear.objects.update_or_create(year=year, defaults={"source": source})
        days = {day.day.isoformat(): day.is_workday for day in read.differing}
        log.record("calendar.entered", entered, actor, year=year, source=entered.source, days=days)
        workcalendar.forget_reading()
        announce(workcalendar.CalendarEntered(year))
        return entered


def _write_days(table: YearTable, source: str) -> None:
    """A day that a correction takes back stays as a row, as the plain day it is now."""
    wanted = {day.day: (day.is_workday, day.reason) for day in table.differing}
    for row in WorkCalendarDay.objects.filter(date__year=table.year):
        is_workday, reason = wanted.pop(row.date, (is_plain_workday(row.date), ""))
        if (row.is_workday, row.reason) != (is_workday, reason):
            row.is_workday, row.reason, row.source = is_workday, reason, source
            row.save(update_fields=["is_workday", "reason", "source"])
    WorkCalendarDay.objects.bulk_create(
        WorkCalendarDay(date=day, is_workday=is_workday, reason=reason, source=source)
        for day, (is_workday, reason) in wanted.items()
    )


@dataclass(frozen=True)
class RuleValueFacts:
    rule_id: str
    key: str
    value: str
    valid_from: date
    reason: str
    region: str = ""
    budget_level: str = ""
    is_lowered: bool = False


def _was_lowered(facts: RuleValueFacts) -> bool:
    place = {"rule_id": facts.rule_id, "region": facts.region, "budget_level": facts.budget_level}
    return RuleValue.objects.filter(**place).exclude(enforcement="").exists()


def add_rule_value(*, actor: Actor, facts: RuleValueFacts) -> RuleValue:
    """Set a value from a day on, for a region and level; tenders keep the set they were published under."""
    with audit.transaction() as log:
        require_permission(can_operate(actor))
        rule = catalogue().get(facts.rule_id)
        if rule is None:
            raise Refused(refuse(_("There is no rule with this id."), field="rule_id"))
        value = facts.value.strip()
        require(
            rules.check_entry(rule, value, is_lowered=facts.is_lowered, was_lowered=_was_lowered(facts)),
            rules.check_value(rule, facts.key, value),
            rules.check_lowering(rule, is_lowered=facts.is_lowered),
            rules.check_place(facts.region),
            rules.check_start(facts.valid_from, clock.today()),
            rules.check_reason(facts.reason),
        )
        place: dict[str, Any] = {
            "rule_id": facts.rule_id,
            "key": facts.key,
            "region": facts.region,
            "budget_level": facts.budget_level,
            "valid_from": facts.valid_from,
        }
        if RuleValue.objects.filter(**place).exists():
            require(
                refuse(
                    _("There is a value from this day on already. Enter the new one from a later day."),
                    facts.rule_id,
                    field="valid_from",
                )
            )
        row = RuleValue.objects.create(
            **place,
            value=value,
            enforcement="WARN" if facts.is_lowered else "",
            reason=facts.reason.strip(),
            entered_at=clock.now(),
        )
        log.record("rule_value.added", row, actor, **place, value=value, enforcement=row.enforcement, reason=row.reason)
        return row
