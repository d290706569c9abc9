"""The face of an organization: computed from a record by the public formula, kept in history, never typed by hand.

The room that knows evaluations and reports (contracts) calls this when something has happened. Writes only when
face, points or reason have changed.
"""

from __future__ import annotations

from django.utils import translation

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.core import clock
from marketplace.core.events import announce
from marketplace.core.locking import locked

from ..events import FaceChanged
from ..models import FaceRecord, Organization
from ..rules import face as rules

LANGUAGE = "zh-hans"


def update_face(*, organization_id: int, record: rules.Record) -> FaceRecord | None:
    """Compute the face anew; answers the new record of history, or None when nothing has changed."""
    with audit.transaction() as log:
        organization = locked(Organization, organization_id)
        today = clock.today()
        result = rules.compute(record, today)
        with translation.override(LANGUAGE):
            reason = rules.sentence(record, result, today)[:300]
        if _is_same(organization, result, reason):
            return None
        before, organization.face, organization.face_reason = organization.face, result.face, reason
        organization.save(update_fields=["face", "face_reason"])
        entry = FaceRecord.objects.create(
            organization=organization,
            face=result.face,
            reason=reason,
            formula_version=result.version,
            sample_size=result.sample_size,
            points=result.points,
            facts=_facts(record),
            since=clock.now(),
        )
        log.record(
            "organization.face_computed",
            organization,
            SYSTEM,
            face=result.face,
            points=result.points,
            formula_version=result.version,
            sample_size=result.sample_size,
            reason=reason,
        )
        if before != result.face:
            announce(FaceChanged(organization.pk, before, result.face))
        return entry


def _is_same(organization: Organization, result: rules.FaceResult, reason: str) -> bool:
    latest = organization.faces.first()
    if latest is None:
        return result.face == "none"
    return (latest.face, latest.points, latest.reason) == (result.face, result.points, reason)


def _facts(record: rules.Record) -> dict[str, object]:
    return {
        "evaluations": [
            {"total": str(graded.total), "final_on": graded.final_on.isoformat()} for graded in record.evaluations
        ],
        "reports": record.reports,
        "reports_on_time": record.reports_on_time,
        "open_findings": record.open_findings,
    }
