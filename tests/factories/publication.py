"""Notices: `notice_data(kind)` has every field that the law wants; `published_notice(kind)` freezes one."""

from __future__ import annotations

from typing import Any

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind, Role
from marketplace.publication.kinds import BLUEPRINTS, Field, Shape
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.publication.services import publish_notice

from .accounts import make_body, make_person

SAMPLES: dict[Shape, Any] = {
    Shape.TEXT: "为六个街道的老年人提供助餐服务。",
    Shape.MONEY: "1860000.00",
    Shape.DATE: "2026-06-15",
    Shape.MONTH: "2026-07",
    Shape.MOMENT: "2026-07-10T09:30:00+08:00",
    Shape.LIST: ["李晓明", "周岚", "吴越"],
}


def sample(field: Field) -> Any:
    if field.shape is Shape.TABLE:
        return [{column.name: sample(column) for column in field.columns}]
    return SAMPLES[field.shape]


def notice_data(kind: str, **changes: Any) -> dict[str, Any]:
    """A value for each required field of the kind; `changes` replace or add."""
    return {field.name: sample(field) for field in BLUEPRINTS[kind].fields() if field.required} | changes


def published_notice(
    kind: str = NoticeKind.TENDER,
    *,
    actor: Actor | None = None,
    body: Body | None = None,
    title: str = "静安区社区老年食堂运营服务招标公告",
    project_number: str = "SH-2026-0001",
    corrects: NoticeSnapshot | None = None,
    **changes: Any,
) -> NoticeSnapshot:
    body = body or make_body(BodyKind.GOVERNMENT)
    actor = actor or make_person(body, Role.APPROVER)
    with audit.transaction() as log:
        return publish_notice(
            log=log,
            actor=actor,
            kind=kind,
            title=title,
            subject=body,
            project_number=project_number,
            body=body,
            region=body.region,
            data=notice_data(kind, **changes),
            corrects=corrects,
        )
