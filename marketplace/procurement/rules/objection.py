"""Objections: who may, until when, answered by when (R-OBJ-02 … -06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse
from marketplace.core.rules.time import WorkCalendar, add_working_days, day_of, end_of_day, in_time

DOCUMENTS, PROCEDURE, RESULT = "documents", "procedure", "result"


@dataclass(frozen=True)
class Starts:
    """The days from which the windows count (R-OBJ-03); None: that has not happened."""

    took_documents: date | None = None
    document_notice_end: date | None = None
    step_end: date | None = None
    result_notice_end: date | None = None

    def of(self, kind: str) -> date | None:
        if kind == DOCUMENTS:
            return self.took_documents or self.document_notice_end
        return self.step_end if kind == PROCEDURE else self.result_notice_end


def last_day(kind: str, starts: Starts, days: int, calendar: WorkCalendar) -> date | None:
    """Seven working days after the day that counts: 2026-09-30 → 2026-10-15."""
    start = starts.of(kind)
    return None if start is None else add_working_days(start, days, calendar)


def window(kind: str, starts: Starts, days: int, calendar: WorkCalendar, now: datetime) -> Decision:
    """Whether an objection of this kind is in time today."""
    day = last_day(kind, starts, days, calendar)
    if day is None:
        return refuse(
            _("This step is not over yet, so there is nothing to object to. Ask the buyer a question instead."),
            "R-OBJ-03",
            field="kind",
        )
    if not in_time(now, end_of_day(day)):
        return refuse(
            _("Objections of this kind ended on %(day)s. You can ask the buyer (inquiry) at any time.")
            % {"day": day.isoformat()},
            "R-OBJ-02",
            due=day,
            field="kind",
        )
    return Decision(True, "", "R-OBJ-02", day)


def may_object(kind: str, *, took_documents: bool, has_bid: bool) -> Decision:
    """Bidders may object to everything; who only took the documents, to the documents (R-OBJ-04)."""
    if has_bid or (kind == DOCUMENTS and took_documents):
        return ALLOWED
    if took_documents:
        return refuse(
            _("Whoever took the documents without bidding may object to the documents only."), "R-OBJ-04", field="kind"
        )
    return refuse(_("Only suppliers that take part in this purchase may object."), "R-OBJ-04", field="kind")


def answer_due(received: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Seven working days after receipt (R-OBJ-06)."""
    return end_of_day(add_working_days(day_of(received), days, calendar))
