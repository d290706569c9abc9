"""The public page of a tender, its criteria, its dates as a calendar file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from marketplace.core import clock
from marketplace.core.rules.time import day_of
from marketplace.core.workcalendar import calendar
from marketplace.publication.models import NoticeSnapshot

from .. import ics
from ..models import Tender, TenderStatus
from ..notices import NO_SPECIFIC
from ..permissions.bids import can_bid
from ..permissions.question import can_take_part
from ..rules.timetable import Timetable, change_early_enough, timetable_decisions
from ..selectors.content import documents_of, marked
from ..selectors.media import notice_period, notices_of
from ..selectors.progress import progress_of
from ..selectors.tender import rules_of
from ..services.draft import ATTACHMENT
from ..tender_papers import KIND, groups_of, published_corrections


def public_tender(number: str) -> Tender:
    rows = Tender.objects.public().select_related(
        "buyer", "agency", "item__budget_line__fund", "item__purchase_list", "snapshot"
    )
    return get_object_or_404(rows, number=number)


class PublicTenderView(View):
    """What is bought, how it is judged, the documents, questions and answers, why this day, what was corrected."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        tender = public_tender(number)
        lots = list(tender.lots.all())
        now = clock.now()
        is_open = tender.status == TenderStatus.PUBLISHED and now <= tender.deadline  # type: ignore[operator]
        corrections, notices = published_corrections(tender), list(notices_of(tender))
        context = {
            "tender": tender,
            "lots": lots,
            "lottery": tender.item.budget_line.fund.kind == "lottery",
            "is_open": is_open,
            "is_terminated": tender.status == TenderStatus.TERMINATED,
            "steps": progress_of(tender, lots),
            "groups": groups_of(tender),
            "conditions": specific_conditions(tender),
            "milestones": list(tender.milestone_plans.all()),
            "decisions": why_this_day(tender, corrections, notices),
            "corrections": corrections,
            **documents_context(tender),
            "answered": list(tender.questions.exclude(answered_at=None).order_by("answered_at")),
            "notices": notices,
            **taker_context(request, tender, is_open),
        }
        return render(request, "procurement/tender_public.html", context)


def specific_conditions(tender: Tender) -> list[str]:
    """As frozen in the notice: eligibility never changes after publication (R-TENDER-05)."""
    texts = tender.snapshot.data["eligibility_specific"] if tender.snapshot else []
    return [text for text in texts if text != NO_SPECIFIC]


def documents_context(tender: Tender) -> dict[str, Any]:
    """The newest version of the tender documents and of each attachment."""
    found = {(row.kind, row.title if row.kind != KIND else ""): row for row in documents_of(tender)}
    return {
        "documents": found.get((KIND, "")),
        "attachments": [row for (kind, _title), row in found.items() if kind == ATTACHMENT],
    }


def taker_context(request: HttpRequest, tender: Tender, is_open: bool) -> dict[str, Any]:
    """What the visitor's own organization has done; nobody learns about any other."""
    actor = request.actor  # type: ignore[attr-defined]
    may_take = can_take_part(actor).allowed
    has_taken = may_take and tender.takes.filter(body_id=actor.body_id).exists()
    return {
        "may_take": may_take and is_open,
        "has_taken": has_taken,
        "may_bid": can_bid(actor).allowed and is_open,
        "obtainable": is_open and clock.now() <= tender.documents_until,  # type: ignore[operator]
    }


def why_this_day(tender: Tender, corrections: list[Any], notices: list[NoticeSnapshot]) -> list[Any]:
    """The rules of the timetable with the published dates, by the frozen rule set."""
    issued = day_of(tender.published_at)  # type: ignore[arg-type]
    rules, table = rules_of(tender, issued), calendar()
    plan = Timetable(issued, tender.documents_until, tender.deadline)
    decisions = [notice_period(tender, notices)]  # counted from the designated medium: first of its rule
    decisions += timetable_decisions(plan, rules, table, tender.published_at)  # type: ignore[arg-type]
    last = next((row for row in reversed(corrections) if row.affects_bids), None)
    if last is not None:
        decisions.append(change_early_enough(day_of(last.published_at), tender.deadline, rules, table))  # type: ignore[arg-type]
    shown = ("R-TENDER-01", "R-TENDER-02", "R-TENDER-03", "R-TENDER-06", "R-OPEN-01")
    firsts: dict[str, Any] = {}
    for decision in decisions:
        if decision.rule_id in shown:
            firsts.setdefault(decision.rule_id, decision)
    return [firsts[rule_id] for rule_id in shown if rule_id in firsts]


class CorrectionsView(View):
    """What the corrections changed, passage by passage, added and removed words marked."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        tender = public_tender(number)
        rows = [
            {"correction": row, "changes": [(c, marked(c.before, c.after)) for c in row.changes.all()]}
            for row in published_corrections(tender)
        ]
        return render(request, "procurement/tender_corrections.html", {"tender": tender, "rows": rows})


class CalendarView(View):
    """The dates for one's own calendar."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        tender = public_tender(number)
        address = request.build_absolute_uri(reverse("procurement:tender-public", args=[number]))
        response = HttpResponse(ics.tender_calendar(tender, address), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{number}.ics"'
        return response
