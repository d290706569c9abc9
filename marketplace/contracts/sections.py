"""What an organization's public page shows from this room: its evaluations, beside the face."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.organizations.models import Organization
from marketplace.organizations.sections import Section

from .models import Evaluation, EvaluationStatus


def evaluations_section(organization: Organization) -> Section:
    """Final evaluations with grade and reason. One query."""
    evaluations = (
        Evaluation.objects.filter(contract__supplier_id=organization.body_id, status=EvaluationStatus.FINAL)
        .select_related("contract__buyer", "evaluator")
        .order_by("-final_at")[:20]
    )
    return Section(
        _("How its work was evaluated"),
        "contracts/_organization.html",
        {
            "evaluations": list(evaluations),
        },
        30,
    )
