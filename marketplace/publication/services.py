"""Freezing a notice: the only writer of `NoticeSnapshot`.

The rooms decide that and what is published, by whom it was checked, and call this inside their own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.audit.log import Log, subject_of
from marketplace.core import clock
from marketplace.core.decisions import refuse, require
from marketplace.core.events import announce
from marketplace.core.exceptions import Refused
from marketplace.core.identifiers import next_number
from marketplace.documents.generation import request_document

from .content import content_sha256
from .events import NoticePublished
from .kinds import BLUEPRINTS, missing_fields, unknown_fields
from .models import NoticeSnapshot
from .privacy import no_identity_number


def publish_notice(
    *,
    log: Log,
    actor: Actor,
    kind: str,
    title: str,
    subject: models.Model,
    project_number: str | None,
    body: Body,
    region: str,
    data: Mapping[str, Any],
    corrects: NoticeSnapshot | None = None,
) -> NoticeSnapshot:
    """Freeze the notice, number it, log its hash, queue its PDF, announce `NoticePublished`.

    Refuses, naming them, fields that the notice's rule wants and `data` lacks, and identity numbers (R-PUB-02). A
    name that the notice does not have is a mistake of the caller and raises `ValueError`: nothing is published unseen.
    """
    refuse_silence(kind, data)
    require(no_identity_number(data))
    snapshot = NoticeSnapshot(
        number=next_number("notice", region),
        kind=kind,
        title=title,
        project_number=project_number or "",
        subject=subject_of(subject),
        body=body,
        region=region,
        data=dict(data),
        corrects=corrects,
        published_at=clock.now(),
        published_by_id=actor.user_id,
    )
    snapshot.content_sha256 = content_sha256(snapshot)
    snapshot.save()
    log.record(
        "notice.published",
        snapshot,
        actor,
        project=project_number,
        number=snapshot.number,
        kind=str(kind),
        title=title,
        content_sha256=snapshot.content_sha256,
    )
    request_document("notice", snapshot)
    announce(NoticePublished(snapshot.pk))
    return snapshot


def refuse_silence(kind: str, data: Mapping[str, Any]) -> None:
    unknown = unknown_fields(kind, data)
    if unknown:
        raise ValueError(f"a {kind} notice has no field {', '.join(unknown)}")
    missing = missing_fields(kind, data)
    if missing:
        names = _(", ").join(str(field.label) for field in missing)
        raise Refused(
            refuse(
                _("The notice lacks what the law wants in it: %(fields)s. Fill these in and publish again.")
                % {"fields": names},
                BLUEPRINTS[kind].rule_id,
                field=missing[0].name,
            )
        )
