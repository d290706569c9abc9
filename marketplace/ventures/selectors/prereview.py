"""What the pre-review looks at: the findings that come by themselves, the list of a call, what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse

from ..eligibility import obstacles_of
from ..models import Application, ApplicationStatus, ApplicationVersion, Call, PreReview
from ..rules.application import check_list
from ..rules.eligibility import Applicant, eligibility_decisions
from .application import facts_of, kind_of, unfinished_of


def findings_of(application: Application, version: ApplicationVersion) -> list[Decision]:
    """Eligibility as the registers know it, completeness by block, and the budget, of what was handed in."""
    facts = facts_of(version.content, application.call)
    checks = check_list(facts)
    return [*eligibility_decisions(_applicant(application)), *_by_page(checks, facts.blocks)]


def _applicant(application: Application) -> Applicant:
    others = application.call.applications.handed_in().filter(body_id=application.body_id)
    living = others.exclude(pk=application.pk)
    return Applicant(
        is_organization=True,
        kind=kind_of(application.body_id),
        living=living.count(),
        most=application.call.applications_each,
        unfinished=unfinished_of(application.body_id),
        obstacles=obstacles_of(application.body_id, clock.today()),
    )


def _by_page(checks: Mapping[str, list[Decision]], blocks: Any) -> Iterator[Decision]:
    """One line for each page that is in order; every fault of one that is not."""
    titles = {block.key: block.title for block in blocks}
    for key, decisions in checks.items():
        faults = [decision for decision in decisions if not decision.allowed]
        if faults:
            yield from (refuse(fault.reason, fault.rule_id) for fault in faults)
        else:
            rule_id = next((decision.rule_id for decision in decisions if decision.rule_id), "R-VENT-12")
            yield allow(rule_id, _("«%(title)s» is complete.") % {"title": titles.get(key, _("Basics"))})


# Lists


def applications_of(call: Call, filters: Mapping[str, Any]) -> QuerySet[Application]:
    """What was handed in and not withdrawn before the closing, with what the list shows; narrowed by the filters."""
    rows = call.applications.handed_in()
    for word in str(filters.get("q") or "").split():
        rows = rows.filter(Q(title__icontains=word) | Q(body__name__icontains=word) | Q(summary__icontains=word))
    if filters.get("status") in ApplicationStatus.values:
        rows = rows.filter(status=filters["status"])
    if filters.get("theme"):
        rows = rows.filter(theme_id=filters["theme"])
    return (
        rows.select_related("body", "theme", "call")
        .prefetch_related("versions")
        .annotate(likest=Max("likenesses__text_percent"))
        .order_by("submitted_at", "pk")
    )


def row_of(application: Application) -> dict[str, Any]:
    """One line: the sums come from the version that counts."""
    version = list(application.versions.all())[-1]
    budget = version.content["budget"]
    return {
        "application": application,
        "version": version,
        "granted": Decimal(budget["granted"]),
        "likest": application.likest,  # type: ignore[attr-defined]
    }


def counts_of(call: Call) -> dict[str, int]:
    """How many stand where, after the closing."""
    rows = applications_of(call, {}).order_by().values("status").annotate(n=Count("pk", distinct=True))
    return {row["status"]: row["n"] for row in rows}


def decisions_of(application: Application) -> list[PreReview]:
    rows = application.prereviews.select_related("decided_by", "version").prefetch_related(Prefetch("findings"))
    return list(rows)
