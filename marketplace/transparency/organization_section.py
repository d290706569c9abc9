"""The projects an organization has won, on its public page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.organizations.models import Organization
from marketplace.organizations.sections import Section

from .selectors.projects import COLUMNS, ProjectRow, granted, living

MOST_SHOWN = 20


def projects_section(organization: Organization) -> Section:
    """The newest awards that stand and the grants, each with its project page. One query."""
    won: QuerySet[Any] = living().filter(bid__body_id=organization.body_id).order_by().values_list(*COLUMNS)
    given = granted().filter(application__body_id=organization.body_id).order_by().values_list(*COLUMNS)
    rows = won.union(given, all=True).order_by("-decided")[:MOST_SHOWN]
    return Section(
        _("Projects won here"),
        "transparency/_organization_projects.html",
        {"projects": [ProjectRow(*row) for row in rows], "organization": organization},
        20,
    )
