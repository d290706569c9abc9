"""The published award files of a project."""

from __future__ import annotations

from typing import Any

from ..models import Award, AwardStatus

FORMAT = "yizhao-awards/1"


def published_file(number: str) -> dict[str, Any] | None:
    """All awards in force of a project, one a lot; None while there is none."""
    awards = (
        Award.objects.filter(lot__tender__number=number, status=AwardStatus.PUBLISHED)
        .exclude(public_data=None)
        .order_by("lot__position")
    )
    files = [award.public_data for award in awards]
    return {"format": FORMAT, "project": number, "lots": files} if files else None
