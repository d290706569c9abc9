"""The draft of a call, page by page. Each save names the version it started from, so that nobody's text is lost.

Saves of a draft are not entries of the log (design, section 5); what is submitted, returned and published is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.exceptions import CalendarMissing, MarketplaceError
from marketplace.core.locking import locked
from marketplace.core.rules.time import day_of
from marketplace.core.workcalendar import calendar
from marketplace.lifecycle.drafts import Pages, Row, RowKind, Saved, count, require_fresh

from ..models import (
    Briefing,
    Call,
    CallFaq,
    CallFunder,
    CallPot,
    CallStatus,
    CallTheme,
    TrancheStage,
)
from ..permissions.call import can_begin_call, can_prepare_call
from ..rules.switches import SWITCHABLE, field_of, switch_decision
from ..rules.timetable import propose
from ..selectors.call import bodies_to_choose, lines_to_choose, off_of, rules_of

PAGES = Pages(
    "call",
    {
        "aims": ("title", "kind", "level", "street", "aims", "place"),
        "track": ("pays_for_service", "money_is_mixed", "track_statement"),
        "rules": (
            "grant_cap", "own_share", "indirect_ceiling", "staff_ceiling", "applications_each", "months_least",
            "months_most",
        ),
        "timetable": ("opens_at", "deadline", "correction_days", "review_until", "display_days"),
        "guide": ("guide", "donation_link"),
        "contacts": ("contact_name", "contact_phone"),
    },
    {
        "funders": RowKind(CallFunder, "funders", ("body_id",), anew=True),
        "themes": RowKind(CallTheme, "themes", ("title", "description"), by_key=True),
        "pots": RowKind(CallPot, "pots", ("name", "budget_line_id", "amount", "theme_id"), by_key=True),
        "guide": RowKind(CallFaq, "faq", ("question", "answer")),
        "briefings": RowKind(Briefing, "briefings", ("starts_at", "minutes", "place", "link", "seats"), by_key=True),
    },
)  # fmt: skip
TRANCHES = {stage: f"tranche_{stage}" for stage in TrancheStage.values}
SPLIT = {TrancheStage.AGREEMENT: "first", TrancheStage.MIDTERM: "middle", TrancheStage.FINAL: "final"}


def create_call(*, actor: Actor, title: str = "") -> Call:
    """An empty draft of the actor's body, with the values and dates that the rules propose."""
    with transaction() as log:
        require_permission(can_begin_call(actor))
        lead = Body.objects.get(pk=actor.body_id)
        call = Call.objects.create(
            lead=lead,
            title=title.strip(),
            contact_name=lead.contact_name,
            contact_phone=lead.contact_phone,
            created_by_id=actor.user_id,
            created_at=clock.now(),
        )
        _propose(call)
        log.record("call.begun", call, actor)
    return call


def _propose(call: Call) -> None:
    rules = rules_of(call, clock.today())
    call.own_share = Decimal(str(rules.value("R-VENT-07", "own")))
    call.indirect_ceiling = Decimal(str(rules.value("R-VENT-14", "management")))
    call.months_least = int(rules.value("R-VENT-06", "shortest"))
    call.months_most = int(rules.value("R-VENT-06", "longest"))
    call.display_days = int(rules.value("R-VENT-02", "display"))
    for stage, key in SPLIT.items():
        call.tranches.create(stage=stage, share=Decimal(str(rules.value("R-VENT-09", key))))
    try:
        offer = propose(clock.today(), call.correction_days, rules, calendar())
    except CalendarMissing:
        pass  # the page of dates says which year is missing (R-TIME-08)
    else:
        call.opens_at, call.deadline, call.review_until = offer.opens_at, offer.deadline, offer.review_until
    call.save()


def read_step(call: Call, key: str) -> Saved:
    """What is stored for a page, in the shape in which it is saved."""
    saved = PAGES.read(call, key)
    if key == "rules":
        shares = {row.stage: row.share for row in call.tranches.all()}
        saved.fields.update({name: shares.get(stage, Decimal("0.00")) for stage, name in TRANCHES.items()})
    if key == "switches":
        off = off_of(call)
        saved.fields.update({field_of(rule_id): off.get(rule_id, "") for rule_id in SWITCHABLE})
    return saved


def save_step(
    *, actor: Actor, call_id: int, key: str, version: int, fields: Mapping[str, Any], rows: Sequence[Row] = ()
) -> Call:
    """Writes one page of the draft. The same content again changes nothing; a stale version raises `StaleVersion`."""
    with draft_of(actor, call_id) as call:
        wanted, current = _wanted(key, fields, rows), read_step(call, key)
        if current == wanted:
            return call
        require_fresh(call, key, version, current)
        require(*_shape_decisions(call, key, wanted))
        _write(call, key, wanted)
        count(call, key, actor.user_id)
    return call


@contextmanager
def draft_of(actor: Actor, call_id: int) -> Iterator[Call]:
    """The locked draft, for those who may write it."""
    with transaction():
        call = locked(Call, call_id, "lead")
        require_permission(can_prepare_call(actor, call))
        if call.status != CallStatus.DRAFT:
            raise MarketplaceError(
                _("This call is no draft any more. Have it returned, or publish a correction."), code="wrong_state"
            )
        yield call


def _wanted(key: str, fields: Mapping[str, Any], rows: Sequence[Row]) -> Saved:
    wanted = PAGES.wanted(key, fields, rows)
    if key == "rules":
        wanted.fields.update({name: fields[name] for name in TRANCHES.values()})
    if key == "switches":
        wanted.fields.update({field_of(rule_id): fields[field_of(rule_id)].strip() for rule_id in SWITCHABLE})
    return wanted


def _write(call: Call, key: str, wanted: Saved) -> None:
    if key == "rules":
        for stage, name in TRANCHES.items():
            call.tranches.update_or_create(stage=stage, defaults={"share": wanted.fields.pop(name)})
    if key == "switches":
        _write_switches(call, wanted.fields)
        return
    PAGES.write(call, key, wanted)


def _write_switches(call: Call, fields: Mapping[str, str]) -> None:
    for rule_id in SWITCHABLE:
        reason = fields[field_of(rule_id)]
        if reason:
            call.switched_off.update_or_create(rule_id=rule_id, defaults={"reason": reason})
        else:
            for row in call.switched_off.filter(rule_id=rule_id):
                row.delete()


# What a page may not hold even as a draft: strange bodies and lines, rows that others rest on, past or unknown days.


def _shape_decisions(call: Call, key: str, wanted: Saved) -> list[Decision]:
    checks = {
        "funders": _funder_decisions,
        "themes": _theme_decisions,
        "pots": _pot_decisions,
        "timetable": _date_decisions,
        "switches": _switch_decisions,
    }
    return checks[key](call, wanted) if key in checks else []


def _funder_decisions(call: Call, wanted: Saved) -> list[Decision]:
    known = {body.pk for body in bodies_to_choose(call)}
    chosen = [row["body_id"] for row in wanted.rows]
    return [
        _holds(set(chosen) <= known, _("Choose an admitted government body other than the lead."), "body_id"),
        _holds(len(set(chosen)) == len(chosen), _("This body is named twice; take one row away."), "body_id"),
    ]


def _theme_decisions(call: Call, wanted: Saved) -> list[Decision]:
    """A theme that a pot is kept for does not go before the pot."""
    staying = {row["id"] for row in wanted.rows}
    held = [pot.theme.title for pot in call.pots.select_related("theme") if pot.theme and pot.theme_id not in staying]
    words = _("A pot is kept for the theme «%(title)s»: change the pot first.") % {"title": held[0] if held else ""}
    return [_holds(not held, words, "title")]


def _pot_decisions(call: Call, wanted: Saved) -> list[Decision]:
    lines = {line.pk for line, _facts in lines_to_choose(call)}
    themes = {row.pk for row in call.themes.all()}
    return [
        _holds(
            all(row["budget_line_id"] in lines for row in wanted.rows),
            _("Choose a budget line of a funder of this call."),
            "budget_line_id",
            "R-PLAN-01",
        ),
        _holds(
            all(row["theme_id"] is None or row["theme_id"] in themes for row in wanted.rows),
            _("Choose a theme of this call."),
            "theme_id",
        ),
    ]


def _date_decisions(call: Call, wanted: Saved) -> list[Decision]:
    deadline: datetime | None = wanted.fields["deadline"]
    opens_at: datetime | None = wanted.fields["opens_at"]
    return [
        _holds(
            deadline is None or deadline > clock.now(),
            _("This moment is over; choose a later one."),
            "deadline",
            "R-TIME-07",
        ),
        _holds(
            deadline is None or opens_at is None or deadline > opens_at,
            _("The call would close before it opens."),
            "deadline",
            "R-TIME-07",
        ),
        *(
            _known_year(wanted.fields[name], name)
            for name in ("opens_at", "deadline", "review_until")
            if wanted.fields[name] is not None
        ),
    ]


def _known_year(value: Any, field: str) -> Decision:
    """R-TIME-08: a deadline in a year without a table is refused, never guessed."""
    day = day_of(value) if isinstance(value, datetime) else value
    if calendar().knows(day):
        return allow()
    return refuse(CalendarMissing(day.year).message, "R-TIME-08", field=field)


def _switch_decisions(call: Call, wanted: Saved) -> list[Decision]:
    return [
        switch_decision(rule_id, wanted.fields[field_of(rule_id)])
        for rule_id in SWITCHABLE
        if wanted.fields[field_of(rule_id)]
    ]


def _holds(holds: bool, words: str, field: str, rule_id: str = "") -> Decision:
    return allow(rule_id) if holds else refuse(words, rule_id, field=field)
