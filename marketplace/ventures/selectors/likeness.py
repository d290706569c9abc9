"""Applications as projects to compare, and what was found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Application, ApplicationVersion, Call
from ..rules.likeness import BENEFICIARIES, BODY, PLACE, TIME, Project

TOLD = ("logic", "beneficiaries", "table")


def projects_of(call: Call) -> dict[UUID, Project]:
    """What was handed in to the call, as handed in last."""
    return {row.pk: _project(row, call) for row in _read(call.applications.handed_in())}


def earlier_applications(call: Call) -> Iterator[Project]:
    """Of all other calls that are closed."""
    rows = Application.objects.handed_in().exclude(call=call).exclude(call__closed_at=None)
    return (_project(row, call) for row in _read(rows))


def _read(rows: QuerySet[Application]) -> QuerySet[Application]:
    versions = Prefetch("versions", ApplicationVersion.objects.order_by("number"))
    return rows.select_related("body", "call").prefetch_related(versions)


def _project(application: Application, call: Call) -> Project:
    """Another lead's application is named, not opened."""
    content = list(application.versions.all())[-1].content
    is_ours = application.call.lead_id == call.lead_id
    basics = content["basics"]
    return Project(
        subject=f"ventures.application:{application.pk}",
        title=f"{application.body.name} {basics['title']} ({application.call.number})",
        text=text_of(content),
        url=reverse("ventures:application-review", args=[application.pk]) if is_ours else "",
        place=basics["place"],
        starts_on=_day(basics["starts_on"]),
        ends_on=_day(basics["ends_on"]),
        beneficiaries=_beneficiaries(content),
        body=application.body.code,
    )


def text_of(content: dict[str, Any]) -> str:
    """What is told of the project: texts, goals, beneficiaries; no titles of the form, no team, no dates."""
    basics = content["basics"]
    parts = [basics["title"], basics["summary"]]
    for block in content["blocks"]:
        if "text" in block:
            parts.append(block["text"])
        elif block["kind"] in TOLD:
            parts += [text for row in block["rows"] for text in row]
    return " ".join(parts)


def _beneficiaries(content: dict[str, Any]) -> frozenset[str]:
    blocks = [block for block in content["blocks"] if block["kind"] == "beneficiaries"]
    return frozenset(row[0].strip() for block in blocks for row in block["rows"] if row and row[0].strip())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def likenesses_of(application: Application) -> list[dict[str, Any]]:
    """The evidence beside an application, the likest first."""
    names = {
        PLACE: _("the place"),
        TIME: _("the time"),
        BENEFICIARIES: _("the beneficiaries"),
        BODY: _("the organization"),
    }
    return [
        {"row": row, "same": "、".join(names[key] for key in row.same.split(",") if key)}
        for row in application.likenesses.all()
    ]
