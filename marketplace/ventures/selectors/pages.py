"""What the pages of calls show: the line of steps, lists with filters, seats, what happened by the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _, pgettext

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.regions import region_name
from marketplace.publication.models import NoticeSnapshot
from marketplace.web.templatetags.web import short_day

from ..models import Briefing, BriefingSeat, Call, CallPot, CallQuestion, CallStatus
from ..rules.timetable import phase

OPEN, ANNOUNCED, CLOSED, TERMINATED = "open", "announced", "closed", "terminated"
TONES = {OPEN: "open", ANNOUNCED: "soon", CLOSED: "done", TERMINATED: "hold", "draft": ""}


def phase_of(call: Call) -> str:
    return phase(call.status, call.opens_at, call.deadline, clock.now())


def phase_words(name: str) -> str:
    return {
        "draft": _("Not published yet"),
        ANNOUNCED: _("Opens soon"),
        OPEN: _("Open for applications"),
        CLOSED: _("Closed"),
        TERMINATED: _("Terminated"),
    }[name]


def in_phase(name: str) -> Q:
    """The same as `phase`, for the database."""
    now, live = clock.now(), Q(status=CallStatus.PUBLISHED)
    return {
        ANNOUNCED: live & Q(opens_at__gt=now),
        OPEN: live & Q(opens_at__lte=now, deadline__gte=now),
        CLOSED: Q(status=CallStatus.CLOSED) | (live & Q(deadline__lt=now)),
        TERMINATED: Q(status=CallStatus.TERMINATED),
    }[name]


def progress_of(call: Call) -> list[dict[str, Any]]:
    """Preparation, notice, applications, pre-review, reviews and defence, display, agreement (R-VENT-01)."""
    now_at = {"draft": 0, ANNOUNCED: 1, OPEN: 2, CLOSED: 3, TERMINATED: 3 if call.closed_at else 2}[phase_of(call)]
    labels = (
        (pgettext("call", "Preparation"), ""),
        (pgettext("call", "Notice"), short_day(call.published_at)),
        (pgettext("call", "Applications"), _until(call.deadline)),
        (pgettext("call", "Pre-review"), _("%(days)s working days to correct") % {"days": call.correction_days}),
        (pgettext("call", "Review and defence"), _until(call.review_until)),
        (pgettext("call", "Public display"), _("%(days)s days") % {"days": call.display_days}),
        (pgettext("call", "Agreement"), ""),
    )
    stopped = call.status == CallStatus.TERMINATED
    return [
        {"label": label, "note": note, "state": _state(place, now_at, stopped)}
        for place, (label, note) in enumerate(labels)
    ]


def _until(moment: Any) -> str:
    return _("until %(day)s") % {"day": short_day(moment)} if moment else ""


def _state(place: int, now_at: int, stopped: bool) -> str:
    if place < now_at:
        return "done"
    if place == now_at:
        return "stopped" if stopped else "now"
    return ""


# Lists


def public_calls(filters: Mapping[str, Any]) -> QuerySet[Call]:
    """Published calls, the open ones first, by their deadline; narrowed by the filters."""
    rows = Call.objects.public()
    for word in str(filters.get("q") or "").split():
        hit = Q(title__icontains=word) | Q(number__iexact=word) | Q(themes__title__icontains=word)
        rows = rows.filter(hit | Q(lead__name__icontains=word))
    for name in ("kind", "level"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("region"):
        rows = rows.filter(lead__region=filters["region"])
    if filters.get("phase"):
        rows = rows.filter(in_phase(filters["phase"]))
    order = Case(
        When(in_phase(OPEN), then=Value(0)),
        When(in_phase(ANNOUNCED), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    pots = Prefetch("pots", CallPot.objects.select_related("budget_line__fund"))
    return (
        rows.distinct()
        .select_related("lead")
        .prefetch_related(pots, "themes")
        .alias(rank=order)
        .order_by("rank", "-pk")
    )


def regions_to_choose() -> list[tuple[str, str]]:
    codes = Call.objects.public().order_by("lead__region").values_list("lead__region", flat=True).distinct()
    return [(code, region_name(code)) for code in codes]


def public_row(call: Call) -> dict[str, Any]:
    pots = list(call.pots.all())
    name = phase_of(call)
    return {
        "call": call,
        "phase": name,
        "words": phase_words(name),
        "tone": TONES[name],
        "total": sum((pot.amount for pot in pots), 0),
        "is_lottery": any(pot.budget_line.fund.is_lottery for pot in pots),
        "themes": [theme.title for theme in call.themes.all()],
    }


def calls_for(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Call]:
    """What the actor sees in the workspace, newest first."""
    rows = Call.objects.visible_to(actor).select_related("lead").prefetch_related("pots", "papers")
    for word in str(filters.get("q") or "").split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    if filters.get("state") in CallStatus.values:
        rows = rows.filter(status=filters["state"])
    return rows.order_by("-pk")


def work_row(call: Call) -> dict[str, Any]:
    """A call with its state, the next step and until when."""
    text, due = next_step(call)
    return {"call": call, "total": sum((pot.amount for pot in call.pots.all()), 0), "next": text, "due": due}


def next_step(call: Call) -> tuple[str, Any]:
    if call.status == CallStatus.DRAFT:
        return (_("Changes asked for") if call.return_reason else _("Fill in and submit")), None
    if call.status == CallStatus.SUBMITTED:
        return _("Second officer checks"), None
    name = phase_of(call)
    if name == TERMINATED:
        return _("Ended"), None
    if name == ANNOUNCED:
        return _("Applications begin"), call.opens_at
    return (_("Applications close"), call.deadline) if name == OPEN else (_("Pre-review"), None)


# One call


def briefings_of(call: Call, actor: Actor | None = None) -> list[dict[str, Any]]:
    """Sessions with the seats that are left, and the actor's own seat. Two queries."""
    rows = list(call.briefings.annotate(people=Sum("taken__people", filter=Q(taken__released_at=None))))
    own = {}
    if actor is not None and actor.is_signed_in and rows:
        seats = BriefingSeat.objects.filter(briefing__in=rows, user_id=actor.user_id, released_at=None)
        own = {seat.briefing_id: seat for seat in seats}
    return [_briefing(row, own.get(row.pk)) for row in rows]


def _briefing(row: Briefing, seat: BriefingSeat | None) -> dict[str, Any]:
    taken = row.people or 0  # type: ignore[attr-defined]
    left = max(row.seats - taken, 0)
    is_ahead = row.cancelled_at is None and clock.now() < row.starts_at
    return {"row": row, "taken": taken, "left": left, "seat": seat, "is_ahead": is_ahead, "is_free": is_ahead and left}


def seats_of(call: Call) -> list[BriefingSeat]:
    """Who comes, for the officer."""
    rows = BriefingSeat.objects.filter(briefing__call=call, released_at=None)
    return list(rows.select_related("user", "body", "briefing").order_by("briefing__starts_at", "pk"))


def answered_questions(call: Call) -> list[CallQuestion]:
    return list(call.questions.exclude(answered_at=None).order_by("answered_at"))


def notices_of(call: Call) -> list[NoticeSnapshot]:
    rows = NoticeSnapshot.objects.filter(project_number=call.number).defer("data")
    return list(rows.order_by("published_at", "pk"))


def people_to_tell(call: Call) -> list[tuple[User, int | None]]:
    """Whoever asked about the call or signed up for a briefing, each once, with the body acted for."""
    found: dict[int, tuple[User, int | None]] = {}
    for seat in BriefingSeat.objects.filter(briefing__call=call, released_at=None).select_related("user"):
        found.setdefault(seat.user_id, (seat.user, seat.body_id))
    for question in call.questions.select_related("asked_by"):
        found.setdefault(question.asked_by_id, (question.asked_by, question.body_id))
    return list(found.values())


def timeline_of(call: Call) -> list[dict[str, Any]]:
    """Entries of the log about this call, newest first, with who did it."""
    labels = action_labels()
    subject = f"ventures.call:{call.pk}"
    rows = list(LogEntry.objects.filter(subject=subject, action__in=labels).order_by("-number")[:30])
    names = {user.pseudonym: str(user) for user in User.objects.filter(pseudonym__in={row.actor for row in rows})}
    return [{"at": row.market_time, "title": labels[row.action], "text": names.get(row.actor, "")} for row in rows]


def action_labels() -> dict[str, str]:
    return {
        "call.begun": _("Draft begun"),
        "call.submitted": _("Submitted to the second officer"),
        "call.confirmed": _("Confirmed by a joint funder"),
        "call.returned": _("Returned to the officer"),
        "call.published": _("Published"),
        "call.corrected": pgettext("call", "Corrected"),
        "call.closed": pgettext("call", "Closed at the deadline"),
        "call.terminated": _("Terminated"),
    }
