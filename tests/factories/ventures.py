"""Venture calls in every state, brought there through the services.

`published_call()` is a whole open call for others to build on: two officers, two pots, the standard form. Its people
hang on `call.people`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.funds.models import BudgetLine, FundKind
from marketplace.ventures.models import Call
from marketplace.ventures.selectors.call import with_pages
from marketplace.ventures.services import call as calls, draft, form

from .accounts import make_body, make_person
from .planning import BuyerPeople, budget_line, buyer_people

AIMS = "支持社会组织为独居老人和困境儿童提供社区互助服务，让需要帮助的人在家门口得到照顾。"
STATEMENT = "项目由社会组织自主设计并承担成效，本单位不购买约定数量和价格的服务。"
PAGES: dict[str, dict[str, Any]] = {
    "aims": {"title": "静安区社区公益创投（2026）", "aims": AIMS, "place": "静安区六个街道", "kind": "seed"},
    "track": {"pays_for_service": False, "money_is_mixed": False, "track_statement": STATEMENT},
    "rules": {"grant_cap": Decimal("200000.00"), "staff_ceiling": Decimal("40.00")},
    "guide": {"guide": "先读评分标准，再写需求。申报书须经机构负责人确认。"},
}
FAQ = [{"question": "可以联合申报吗？", "answer": "可以，由一家牵头。"}]
THEMES = [
    {"id": None, "title": "为老服务", "description": "独居老人的照顾和陪伴"},
    {"id": None, "title": "困境儿童", "description": "课后陪伴和家庭支持"},
]


def lottery_line(people: BuyerPeople, amount: str = "3000000.00") -> BudgetLine:
    return budget_line(people.body, amount, FundKind.LOTTERY, "FC-CT")


def fiscal_line(people: BuyerPeople, amount: str = "1000000.00") -> BudgetLine:
    return budget_line(people.body, amount, FundKind.FISCAL, "CZ-CT")


def pot_row(line: BudgetLine, amount: str = "600000.00", name: str = "福彩资金池", **more: Any) -> dict[str, Any]:
    return {
        "id": None,
        "name": name,
        "budget_line_id": line.pk,
        "amount": Decimal(amount),
        "theme_id": None,
        **more,
    }


def call_draft(people: BuyerPeople | None = None) -> Call:
    """A draft as it is born."""
    people = people or buyer_people()
    return again(draft.create_call(actor=people.officer), people)


def again(call: Call, people: BuyerPeople | None = None) -> Call:
    """Read anew, with everything that its pages hold."""
    people = people or call.people  # type: ignore[attr-defined]
    found = with_pages(Call.objects.filter(pk=call.pk)).get()
    found.people = people  # type: ignore[attr-defined]
    return found


def save(call: Call, key: str, fields: Mapping[str, Any] | None = None, rows: Any = None, **more: Any) -> Call:
    """Saves a page with what it holds, changed by `fields` and `rows`."""
    fresh = again(call)
    stored = draft.read_step(fresh, key)
    draft.save_step(
        actor=more.pop("actor", call.people.officer),  # type: ignore[attr-defined]
        call_id=call.pk,
        key=key,
        version=more.pop("version", fresh.version),
        fields={**stored.fields, **(fields or {})},
        rows=stored.rows if rows is None else rows,
    )
    return again(call)


def call_draft_ready(people: BuyerPeople | None = None, *, pots: Any = None, **overrides: Any) -> Call:
    """A draft that holds every rule. `overrides` are fields of the pages, by name, whatever page they stand on."""
    call = call_draft(people)
    people = call.people  # type: ignore[attr-defined]
    for key, fields in PAGES.items():
        names = draft.read_step(call, key).fields
        save(call, key, {**fields, **{name: overrides[name] for name in names if name in overrides}})
    save(call, "themes", rows=THEMES)
    default = [pot_row(lottery_line(people)), pot_row(fiscal_line(people), "400000.00", "财政资金池")]
    save(call, "pots", rows=default if pots is None else pots)
    save(call, "guide", rows=FAQ)
    save(call, "briefings", rows=[briefing_row()])
    dates = {name: overrides[name] for name in draft.read_step(call, "timetable").fields if name in overrides}
    if dates:
        save(call, "timetable", dates)
    form.use_standard_form(actor=people.officer, call_id=call.pk)
    return again(call)


def briefing_row(**more: Any) -> dict[str, Any]:
    starts = clock.now() + timedelta(days=5)
    row = {"id": None, "starts_at": starts, "minutes": 90, "place": "静安区社会组织服务中心", "link": "", "seats": 3}
    return {**row, **more}


def submitted_call(people: BuyerPeople | None = None, **overrides: Any) -> Call:
    call = call_draft_ready(people, **overrides)
    calls.submit_call(actor=call.people.officer, call_id=call.pk)  # type: ignore[attr-defined]
    return again(call)


def published_call(people: BuyerPeople | None = None, **overrides: Any) -> Call:
    """Published; applications are taken from tomorrow morning (16 June 2026, 09:00), unless `opens_at` says otherwise."""
    call = submitted_call(people, **overrides)
    calls.publish_call(actor=call.people.approver, call_id=call.pk)  # type: ignore[attr-defined]
    return again(call)


def open_call(people: BuyerPeople | None = None, **overrides: Any) -> Call:
    """Open for applications now."""
    return published_call(people, opens_at=clock.now(), **overrides)


def joint_call() -> tuple[Call, BuyerPeople]:
    """A draft with a joint funder and a pot of it, and the funder's people."""
    other = buyer_people(make_body(name="上海市民政局", region="310000"))
    call = call_draft_ready()
    save(call, "funders", rows=[{"body_id": other.body.pk}])
    stored = draft.read_step(again(call), "pots").rows
    line = budget_line(other.body, "5000000.00", FundKind.LOTTERY, "SH-CT")
    save(call, "pots", rows=[*stored, pot_row(line, "1000000.00", "市级资金池")])
    return again(call), other


def asker(name: str = "") -> Any:
    """A signed-in person of an organization with a confirmed address."""
    return make_person(make_body(BodyKind.ORGANIZATION, name=name), Role.BIDDER)
