"""The projects an organization has won, on its public page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.organizations.models import Organization
from marketplace.organizations.sections import Section

from .selectors.projects import COLUMNS, ProjectRow, living

MOST_SHOWN = 20


def projects_section(organization: Organization) -> Section:
    """The newest awards that stand, each with its project page. One query."""
    rows = living().filter(bid__body_id=organization.body_id).order_by("-decided_at").values(*COLUMNS)[:MOST_SHOWN]
    return Section(
        _("Projects won here"),
        "transparency/_organization_projects.html",
        {"projects": [ProjectRow(**row) for row in rows], "organization": organization},
        20,
    )
