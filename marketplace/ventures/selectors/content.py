"""A draft as text, page by page: for the second officer, and beside a stale form. In Chinese, as it is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.publication.wording import chinese, chinese_day

from ..models import Call
from ..rules.values import plain

LANGUAGE = "zh-hans"
Content = dict[str, list[list[str]]]

FIELDS = {
    "aims": ("title", "kind", "level", "street", "aims", "place"),
    "track": ("pays_for_service", "money_is_mixed", "track_statement"),
    "rules": (
        "grant_cap", "own_share", "indirect_ceiling", "staff_ceiling", "applications_each", "months_least",
        "months_most",
    ),
    "timetable": ("opens_at", "deadline", "correction_days", "review_until", "display_days"),
    "guide": ("guide", "donation_link"),
    "contacts": ("contact_name", "contact_phone"),
}  # fmt: skip


def content_of(call: Call) -> Content:
    """Label and text of everything, by page of the wizard."""
    with translation.override(LANGUAGE):
        content = {key: _fields(call, names) for key, names in FIELDS.items()}
        content["funders"] = [[row.body.name, _confirmed(row.confirmed_at)] for row in call.funders.all()]
        content["themes"] = [[row.title, row.description] for row in call.themes.all()]
        content["pots"] = list(_pots(call))
        content["rules"] += [[row.get_stage_display(), f"{plain(row.share)}%"] for row in call.tranches.all()]
        content["switches"] = [[row.rule_id, row.reason] for row in call.switched_off.all()]
        content["form"] = [[row.title, row.get_kind_display()] for row in call.blocks.all()]
        content["guide"] += [[row.question, row.answer] for row in call.faq.all()]
        content["briefings"] = [[chinese(r.starts_at), f"{r.place} {r.link}".strip()] for r in call.briefings.all()]
        return content


def _fields(call: Call, names: tuple[str, ...]) -> list[list[str]]:
    return [[str(Call._meta.get_field(name).verbose_name), _text(call, name)] for name in names]  # type: ignore[union-attr]


def _text(call: Call, name: str) -> str:
    value: Any = getattr(call, name)
    shown = getattr(call, f"get_{name}_display", None)
    if shown is not None:
        return str(shown())
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return chinese(value)
    if isinstance(value, date):
        return chinese_day(value)
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def _pots(call: Call) -> Iterator[list[str]]:
    for pot in call.pots.all():
        line = pot.budget_line
        theme = f" · {pot.theme.title}" if pot.theme else ""
        yield [pot.name, f"{pot.amount:,.2f} · {line.fund.body.name} {line}{theme}"]


def _confirmed(moment: datetime | None) -> str:
    return _("confirmed on %(day)s") % {"day": chinese_day(moment)} if moment else _("not confirmed yet")
