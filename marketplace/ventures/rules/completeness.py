"""The check list of a call's draft: for each page of the wizard, which rules hold and which do not yet.

Pure: `CallFacts` in, decisions out. The same list stands beside every page, before the second officer, and is enforced
at submission and at publication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import WorkCalendar
from marketplace.core.rulesets import RuleSet

from . import form, pots, switches, timetable, values
from .form import Block
from .pots import PotFacts
from .timetable import Timetable
from .values import Values

SHORTEST_AIMS = 30
SHORTEST_STATEMENT = 20


@dataclass(frozen=True)
class FunderFacts:
    body_id: int
    name: str
    is_government: bool = True


@dataclass(frozen=True)
class BriefingFacts:
    starts_at: datetime
    place: str
    link: str
    seats: int


@dataclass(frozen=True)
class CallFacts:
    """Everything the rules ask about a draft."""

    title: str
    aims: str
    kind: str
    level: str
    street: str
    place: str
    pays_for_service: bool | None
    money_is_mixed: bool | None
    track_statement: str
    lead: FunderFacts
    funders: tuple[FunderFacts, ...]
    themes: tuple[str, ...]
    pots: tuple[PotFacts, ...]
    values: Values
    timetable: Timetable
    blocks: tuple[Block, ...]
    guide: str
    briefings: tuple[BriefingFacts, ...]
    contact_name: str
    contact_phone: str
    off: Mapping[str, str] = field(default_factory=dict)

    @property
    def everyone(self) -> dict[int, str]:
        """All bodies that pay, the lead first."""
        return {row.body_id: row.name for row in (self.lead, *self.funders)}


def check_list(facts: CallFacts, ruleset: RuleSet, calendar: WorkCalendar, now: datetime) -> dict[str, list[Decision]]:
    """Decisions by page of the wizard, in its order. What this call has switched off does not stand in the way."""
    pages = {
        "aims": list(_aims(facts)),
        "track": list(_track(facts)),
        "funders": list(_funders(facts)),
        "themes": list(_themes(facts)),
        "pots": pots.pot_decisions(facts.pots, facts.everyone),
        "rules": values.value_decisions(facts.values, ruleset),
        "switches": switches.switch_decisions(facts.off),
        "timetable": timetable.timetable_decisions(facts.timetable, ruleset, calendar, now),
        "form": form.form_decisions(facts.blocks),
        "guide": [
            _written(facts.guide, "R-VENT-01", _("The guide is written."), _("Write what applicants do."), "guide"),
        ],
        "briefings": list(_briefings(facts, now)),
        "contacts": [
            _when(
                bool(facts.contact_name.strip() and facts.contact_phone.strip()),
                "R-VENT-01",
                _("A contact with a phone number is named."),
                _("Name a contact and a phone number."),
                "contact_name",
            )
        ],
    }
    return {key: [switches.applied(decision, facts.off) for decision in rows] for key, rows in pages.items()}


def _aims(facts: CallFacts) -> Iterator[Decision]:
    yield _written(facts.title, "R-VENT-01", _("The title is written."), _("Write a title."), "title")
    words = _("Describe what the call is for in %(least)s characters or more.") % {"least": SHORTEST_AIMS}
    yield _when(
        len(facts.aims.strip()) >= SHORTEST_AIMS, "R-VENT-01", _("What the call is for is described."), words, "aims"
    )
    yield _written(facts.place, "R-VENT-05", _("The place is named."), _("Say where the projects work."), "place")
    yield _when(
        facts.level != "street" or bool(facts.street.strip()),
        "R-VENT-05",
        _("The level of the call is clear."),
        _("Name the street or town that this call is for."),
        "street",
    )
    if facts.kind == "regional":
        yield _when(
            facts.level != "city",
            "R-VENT-05",
            _("A regional call is for a district or street."),
            _("A regional call is for a district or street: change the kind or the level."),
            "level",
        )


def _track(facts: CallFacts) -> Iterator[Decision]:
    """R-SCOPE-02, -03: whatever buys a service, or cannot be told apart from what does, is procurement."""
    if facts.pays_for_service is None:
        yield refuse(
            _("Say whether the agreement will pay for a defined service."), "R-SCOPE-03", field="pays_for_service"
        )
    else:
        yield _when(
            not facts.pays_for_service,
            "R-SCOPE-03",
            _("The agreement supports a project; it buys no defined service."),
            _(
                "An agreement that pays for a defined service is procurement, not a grant. "
                "Add it to the year's list and tender it."
            ),
            "pays_for_service",
        )
    if facts.money_is_mixed is None:
        words = _("Say whether all money can be told apart by budget line.")
        yield refuse(words, "R-SCOPE-02", field="money_is_mixed")
    else:
        yield _when(
            not facts.money_is_mixed,
            "R-SCOPE-02",
            _("Every yuan can be told apart by its budget line."),
            _(
                "Money that cannot be told apart falls under procurement law as a whole. Have it separated by budget "
                "line first, or add the project to the year's list."
            ),
            "money_is_mixed",
        )
    words = _("Write in %(least)s characters or more why this is a grant and not a purchase.")
    yield _when(
        len(facts.track_statement.strip()) >= SHORTEST_STATEMENT,
        "R-SCOPE-03",
        _("Why this is a grant is written down."),
        words % {"least": SHORTEST_STATEMENT},
        "track_statement",
    )


def _funders(facts: CallFacts) -> Iterator[Decision]:
    if not facts.funders:
        yield allow("", _("This body funds the call alone."))
    strangers = [row.name for row in facts.funders if not row.is_government]
    yield _when(
        not strangers,
        "R-SCOPE-01",
        _("All funders are government bodies."),
        _("%(names)s is no government body of this marketplace; take it off the list.")
        % {"names": "、".join(strangers)},
        "body_id",
    )
    keys = [row.body_id for row in (facts.lead, *facts.funders)]
    yield _when(
        len(set(keys)) == len(keys),
        "R-PLAN-01",
        _("Every funder is named once."),
        _("A body is named twice, or is the lead itself; take it off the list."),
        "body_id",
    )


def _themes(facts: CallFacts) -> Iterator[Decision]:
    yield _when(
        bool(facts.themes) or facts.kind != "targeted",
        "R-VENT-05",
        _("Themes are clear."),
        _("A targeted call names at least one theme: the need that it is for."),
        "title",
    )
    yield _when(
        len(set(facts.themes)) == len(facts.themes),
        "R-VENT-05",
        _("The themes differ."),
        _("Two themes have the same name; change one of them."),
        "title",
    )


def _briefings(facts: CallFacts, now: datetime) -> Iterator[Decision]:
    if not facts.briefings:
        yield allow("", _("No briefing is planned; small organizations ask for one."))
    for row in facts.briefings:
        yield from briefing_decisions(row, facts.timetable.deadline, now)


def briefing_decisions(row: BriefingFacts, deadline: datetime | None, now: datetime) -> Iterator[Decision]:
    yield _when(
        row.starts_at > now,
        "R-TIME-07",
        _("The briefing lies ahead."),
        _("The briefing would be over already; choose a later moment."),
        "starts_at",
    )
    yield _when(
        deadline is None or row.starts_at < deadline,
        "R-VENT-01",
        _("The briefing comes before the deadline."),
        _("After the deadline a briefing helps nobody; choose an earlier moment."),
        "starts_at",
    )
    yield _when(
        bool(row.place.strip() or row.link.strip()),
        "R-VENT-01",
        _("The briefing has a place or a link."),
        _("Name a place or a link for the briefing."),
        "place",
    )


def _written(text: str, rule_id: str, yes: str, no: str, field_name: str) -> Decision:
    return _when(bool(text.strip()), rule_id, yes, no, field_name)


def _when(holds: bool, rule_id: str, yes: str, no: str, field_name: str) -> Decision:
    return allow(rule_id, yes) if holds else refuse(no, rule_id, field=field_name)
