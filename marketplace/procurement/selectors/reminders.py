"""Which reminders are due: each kind once for each subject and moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marketplace.core import clock
from marketplace.core.regions import budget_level
from marketplace.core.rules.time import add_days, day_of
from marketplace.core.rulesets import ruleset_for
from marketplace.planning.models import Intention, IntentionStatus

from .. import events
from ..models import LotStatus, Question, Reminder, Tender, TenderStatus
from ..rules.questions import takers_too_few
from .tender import rules_of

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A reminder to send: what it is about, and the event that tells it."""

    kind: str
    subject: str
    event: Any


def reminders_due(now: datetime) -> list[Due]:
    """Those that nobody has sent yet."""
    wanted = [*_deadlines(now), *_answers(now), *_extensions(now), *_intentions(now)]
    sent = set(Reminder.objects.filter(subject__in=[due.subject for due in wanted]).values_list("kind", "subject"))
    return [due for due in wanted if (due.kind, due.subject) not in sent]


def _deadlines(now: datetime) -> Iterator[Due]:
    for tender in _open_tenders().filter(deadline__gt=now, deadline__lte=now + A_DAY):
        yield Due("deadline", _at(f"tender:{tender.pk}", tender.deadline), events.DeadlineNear(tender.pk))


def _answers(now: datetime) -> Iterator[Due]:
    waiting = Question.objects.filter(answered_at=None, answer_due__gt=now, answer_due__lte=now + A_DAY)
    for question in waiting:
        yield Due("answer", f"question:{question.pk}", events.AnswerDueSoon(question.pk))


def _extensions(now: datetime) -> Iterator[Due]:
    for tender in _open_tenders().filter(documents_until__lt=now, deadline__gte=now).select_related("buyer"):
        rules = rules_of(tender, day_of(now))
        if takers_too_few(tender.takes.count(), tender.documents_until, tender.deadline, now, rules).allowed:
            subject = _at(f"tender:{tender.pk}", tender.documents_until)
            yield Due("extension", subject, events.ExtensionOffered(tender.pk))


def _intentions(now: datetime) -> Iterator[Due]:
    """R-PLAN-03, by the value of the buyer's region."""
    rows = Intention.objects.filter(status=IntentionStatus.PUBLISHED, item__tenders=None, published_at__lt=now)
    for row in rows.select_related("item__purchase_list__body"):
        region = row.item.purchase_list.body.region
        least = int(ruleset_for(region, budget_level(region), day_of(now)).value("R-PLAN-03"))
        if add_days(day_of(row.published_at), least) <= day_of(now):  # type: ignore[arg-type]
            yield Due("intention", f"intention:{row.pk}", events.IntentionMatured(row.pk))


def _open_tenders() -> Any:
    return Tender.objects.filter(status=TenderStatus.PUBLISHED, lots__status=LotStatus.OPEN).distinct()


def _at(subject: str, moment: datetime | None) -> str:
    """A moved deadline is reminded of anew."""
    return f"{subject}@{moment.astimezone(clock.ZONE).isoformat()}" if moment else subject
