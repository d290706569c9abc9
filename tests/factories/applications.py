"""Applications to venture calls, brought there through the services.

`started_application()`, `submitted_application()`, `accepted_application()` each make one; `accepted_applications(n)`
makes several on one closed call. The applicant hangs on `application.actor`, the call's people on
`application.call.people`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.rules.time import day_of
from marketplace.ventures.models import Application, BlockKind, Call
from marketplace.ventures.rules.application import BASICS
from marketplace.ventures.rules.eligibility import POINTS
from marketplace.ventures.rules.form import Block
from marketplace.ventures.selectors.application import OWN, read_page, share_field, with_answers
from marketplace.ventures.selectors.call import form_of
from marketplace.ventures.services import (
    application as drafts,
    assessment as assessments,
    coaching,
    prereview,
    submission,
)
from marketplace.ventures.services.call import close_call

from . import assessment as factory
from .accounts import make_user
from .organizations import admin_of, make_organization, pdf_upload
from .ventures import open_call

_serial = count(1)
SUBJECTS = ("独居老人结对", "困境儿童课后陪伴", "助浴上门", "家庭照护者喘息", "楼道适老化改造小组", "青少年心理支持")
PLACES = ("江宁路街道", "石门二路街道", "南京西路街道", "静安寺街道", "曹家渡街道", "天目西路街道")


def applicant(name: str = "") -> Actor:
    """The administrator of a new social organization."""
    number = next(_serial)
    return admin_of(make_organization(name or f"晨曦社区服务中心{number}"))


def read(application: Application, actor: Actor, call: Call) -> Application:
    """Read anew, with everything that it holds."""
    found = with_answers(Application.objects.filter(pk=application.pk)).get()
    found.actor = actor  # type: ignore[attr-defined]
    found.call.people = call.people  # type: ignore[attr-defined]
    return found


def again(application: Application) -> Application:
    return read(application, application.actor, application.call)  # type: ignore[attr-defined]


def started_application(call: Call | None = None, actor: Actor | None = None) -> Application:
    """An empty draft, of an open call."""
    call = call or open_call()
    actor = actor or applicant()
    return read(drafts.start_application(actor=actor, call_id=call.pk), actor, call)


def save(
    application: Application,
    key: str,
    fields: Mapping[str, Any] | None = None,
    rows: Sequence[Mapping[str, Any]] | None = None,
    *,
    version: int | None = None,
    actor: Actor | None = None,
) -> Application:
    """Saves a page with what it holds, changed by `fields`, or with `rows`."""
    fresh = again(application)
    stored = read_page(fresh, drafts.block_of(fresh, key))
    drafts.save_page(
        actor=actor or application.actor,  # type: ignore[attr-defined]
        application_id=application.pk,
        key=key,
        version=fresh.version if version is None else version,
        fields={**stored.fields, **(fields or {})},
        rows=stored.rows if rows is None else rows,
    )
    return again(application)


def key_of(application: Application, kind: str) -> str:
    """The first block of a kind."""
    return next(block.key for block in form_of(application.call) if block.kind == kind)


def basics_of(application: Application, **more: Any) -> dict[str, Any]:
    number = next(_serial)
    begins = begins_on(application.call)
    theme = application.call.themes.first()
    return {
        "title": f"{SUBJECTS[number % len(SUBJECTS)]}（{number}）",
        "summary": f"由志愿者和社工每周上门，第 {number} 组先从最需要的家庭开始，年底请居民评议。",
        "theme_id": theme.pk if theme else None,
        "place": PLACES[number % len(PLACES)],
        "starts_on": begins,
        "ends_on": ends_on(begins),
        **more,
    }


def begins_on(call: Call) -> date:
    """The first of the second month after the closing."""
    day = day_of(call.deadline)  # type: ignore[arg-type]
    year, month = divmod(day.year * 12 + day.month + 1, 12)
    return date(year, month + 1, 1)


def ends_on(begins: date) -> date:
    """Ten months, so that both limits are kept."""
    year, month = divmod(begins.year * 12 + begins.month - 1 + 10, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def budget_rows(
    application: Application, *, granted: str = "60000.00", own: str = "40000.00", pot: int | None = None
) -> list[dict[str, Any]]:
    """Two lines, both paid from one pot (the first of the call) and own money; no line breaks a rule."""
    pot_id = pot or application.call.pots.all()[0].pk
    ask, self_paid = Decimal(granted), Decimal(own)
    half, own_half = (ask / 2).quantize(Decimal("0.01")), (self_paid / 2).quantize(Decimal("0.01"))
    shares = ((half, own_half), (ask - half, self_paid - own_half))
    names = (("direct", "入户服务物资", "每户每月一份"), ("direct", "小组活动", "每月四次"))
    return [
        {"kind": kind, "name": name, "basis": basis, "amount": paid + kept, share_field(pot_id): paid, OWN: kept}
        for (kind, name, basis), (paid, kept) in zip(names, shares, strict=True)
    ]


def row_of(block: Block, application: Application) -> dict[str, str]:
    """One full row of a table."""
    made = {"date": begins_on(application.call).isoformat(), "number": "120"}
    row = {column.key: made.get(column.kind, f"{application.title}{column.key}") for column in block.all_columns}
    if block.kind == BlockKind.TIMETABLE:
        row["ends_on"] = ends_on(begins_on(application.call)).isoformat()
    return row


def fill(application: Application, *, rows: Sequence[Mapping[str, Any]] | None = None, **basics: Any) -> Application:
    """Every page filled so that every rule holds. `rows`: of the budget, else two lines of 100,000 in all."""
    application = save(application, BASICS, basics_of(application, **basics))
    for block in form_of(application.call):
        if block.kind == BlockKind.TEXT:
            text = f"{application.title}：{block.title}。走访了三十二户，二十一户说最缺的是日常照应。"
            application = save(application, block.key, {"text": text})
        elif block.kind == BlockKind.BUDGET:
            application = save(application, block.key, rows=rows or budget_rows(application))
        elif block.kind != BlockKind.ATTACHMENTS:
            wanted = max(block.least_rows, 1)
            application = save(application, block.key, rows=[row_of(block, application)] * wanted)
    return application


def add_file(application: Application, title: str = "登记证书") -> Application:
    drafts.add_file(
        actor=application.actor,  # type: ignore[attr-defined]
        application_id=application.pk,
        key=key_of(application, BlockKind.ATTACHMENTS),
        title=title,
        upload=pdf_upload(),
    )
    return again(application)


def filled_application(call: Call | None = None, actor: Actor | None = None, **overrides: Any) -> Application:
    """A draft that holds every rule, not handed in."""
    return fill(started_application(call, actor), **overrides)


def hand_in(application: Application, **more: Any) -> Application:
    submission.submit_application(
        actor=more.pop("actor", application.actor),  # type: ignore[attr-defined]
        application_id=application.pk,
        received_at=more.pop("received_at", clock.now()),
        declares=more.pop("declares", True),
        **more,
    )
    return again(application)


def submitted_application(call: Call | None = None, actor: Actor | None = None, **overrides: Any) -> Application:
    """Handed in; the call is still open."""
    return hand_in(filled_application(call, actor, **overrides))


def closed_call(call: Call) -> Call:
    """Moves the clock past the deadline and closes the call."""
    moment = call.deadline + timedelta(seconds=61)  # type: ignore[operator]
    if clock.now() < moment:
        clock.move_to(moment)
    people = call.people  # type: ignore[attr-defined]
    call = close_call(call_id=call.pk)
    call.people = people  # type: ignore[attr-defined]
    return call


def decide(
    application: Application, result: str = "pass", reason: str = "材料齐全，符合条件。", **more: Any
) -> Application:
    """The officer's word in the pre-review, all points of R-VENT-08 looked up."""
    opinion = prereview.Opinion(result, reason, more.pop("points", dict.fromkeys(POINTS, True)), more.pop("notes", {}))
    prereview.decide_prereview(
        actor=more.pop("actor", application.call.people.officer),  # type: ignore[attr-defined]
        application_id=application.pk,
        version_id=application.versions.last().pk,  # type: ignore[union-attr]
        opinion=opinion,
    )
    return again(application)


def accepted_applications(n: int, call: Call | None = None, **overrides: Any) -> list[Application]:
    """`n` applicants on one closed call, all passed the pre-review."""
    call = call or open_call()
    rows = [submitted_application(call, **overrides) for _number in range(n)]
    closed_call(call)
    return [decide(again(row)) for row in rows]


def accepted_application(call: Call | None = None, **overrides: Any) -> Application:
    return accepted_applications(1, call, **overrides)[0]


def coached_application() -> Application:
    """One with a mentor, in the window of the coaching. On it hang `town`, `mentor`, and `other`, which has none."""
    first, other = accepted_applications(2)
    people = first.call.people  # type: ignore[attr-defined]
    row = assessments.open_assessment(actor=people.officer, call_id=first.call_id)
    town = factory.Town(row, people.officer, people.approver)
    now = clock.now()
    factory.stated(town, coaching_from=now - timedelta(hours=1), coaching_until=now + timedelta(days=5))
    mentor = make_user()
    coaching.assign_mentor(actor=town.officer, assessment_id=row.pk, application_id=first.pk, email=mentor.email)
    first = again(first)
    first.town, first.mentor, first.other = town, mentor, again(other)  # type: ignore[attr-defined]
    return first
