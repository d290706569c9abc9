"""What the notices of the room say: contract (R-NOTICE-08), acceptance (R-NOTICE-09), evaluation (R-PERF-01).

Written in the institution's language, whatever language the person who publishes reads; personal data are cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, override

from marketplace.accounts.models import Body
from marketplace.core import clock
from marketplace.core.rules.time import day_of
from marketplace.funds.rules.purposes import SIGN_TEXT

from .models import Contract, Evaluation, PerformanceReport
from .rules.privacy import masked_name, masked_text

LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class NoticeText:
    title: str
    data: dict[str, Any]


def _contact(body: Body) -> str:
    """The office's phone and the surname of the contact (R-PUB-02)."""
    parts = (masked_name(body.contact_name), masked_text(body.contact_phone))
    return " ".join(part for part in parts if part) or body.name


def _head(contract: Contract) -> dict[str, str]:
    return {
        "contract_number": contract.number,
        "contract_name": contract.title,
        "project_number": contract.project_number,
        "project_name": contract.source.title,
    }


def term_text(contract: Contract) -> str:
    return _("%(from)s to %(to)s") % {"from": contract.term_from.isoformat(), "to": contract.term_to.isoformat()}


def plain(value: Decimal) -> str:
    """20.00 → 20; 18.50 → 18.5."""
    return f"{value.normalize():f}"


def contract_notice(contract: Contract) -> NoticeText:
    with override(LANGUAGE):
        buyer, supplier = contract.buyer, contract.supplier
        data = {
            **_head(contract),
            "buyer_name": buyer.name,
            "buyer_address": buyer.address or buyer.name,
            "buyer_contact": _contact(buyer),
            "supplier_name": supplier.name,
            "supplier_address": supplier.address or supplier.name,
            "supplier_contact": _contact(supplier),
            "object": contract.title,
            "requirement": masked_text(f"{contract.service}\n\n{contract.quality}"),
            "quantity": contract.quantity,
            "unit_price": f"{contract.amount:.2f}",
            "amount": f"{contract.amount:.2f}",
            "term": term_text(contract),
            "place": contract.place,
            "method": _("Open tender"),
            "signed_on": day_of(contract.signed_at).isoformat() if contract.signed_at else "",
            "notice_date": clock.today().isoformat(),
            "other": _("The text of the contract is attached; personal data are masked."),
        }
        return NoticeText(_("Contract notice: %(title)s") % {"title": contract.title}, data)


def _agreement_head(contract: Contract) -> dict[str, Any]:
    return {
        "agreement_number": contract.number,
        "agreement_name": contract.title,
        "project_number": contract.project_number,
        "call_name": contract.source.title,
        "funder_name": contract.buyer.name,
        "organization_name": contract.supplier.name,
    }


def agreement_notice(contract: Contract) -> NoticeText:
    """What a grant is for, from which pots, in which tranches (R-VENT-05, R-VENT-09)."""
    with override(LANGUAGE):
        data = {
            **_agreement_head(contract),
            "content": masked_text(contract.service),
            "place": contract.place,
            "term": term_text(contract),
            "amount": f"{contract.amount:.2f}",
            "pots": [
                {"name": f"{share.budget_line.fund.name} {share.budget_line.name}", "amount": f"{share.amount:.2f}"}
                for share in contract.shares.select_related("budget_line__fund")
            ],
            "tranches": [
                {"name": stone.name, "share": f"{plain(stone.share)}%", "amount": f"{stone.amount:.2f}"}
                for stone in contract.milestones.all()
            ],
            "signed_on": day_of(contract.signed_at).isoformat() if contract.signed_at else "",
            "other": SIGN_TEXT if contract.is_lottery else _("None"),
        }
        return NoticeText(_("Grant agreement: %(title)s") % {"title": contract.title}, data)


def ended_notice(contract: Contract, *, paid: Decimal, released: Decimal) -> NoticeText:
    """A project that ended early is named, with the reason (R-VENT-10)."""
    with override(LANGUAGE):
        data = {
            **_agreement_head(contract),
            "reason": masked_text(contract.end_reason),
            "ended_on": day_of(contract.ended_at).isoformat() if contract.ended_at else "",
            "paid": f"{paid:.2f}",
            "released": f"{released:.2f}",
            "other": _("None"),
        }
        return NoticeText(_("Project ended early: %(title)s") % {"title": contract.title}, data)


def acceptance_notice(report: PerformanceReport) -> NoticeText:
    milestone = report.milestone
    contract = milestone.contract
    with override(LANGUAGE):
        data = {
            **_head(contract),
            "buyer_name": contract.buyer.name,
            "supplier_name": contract.supplier.name,
            "content": masked_text(f"{milestone.name}\n\n{report.summary}"),
            "requirement": milestone.deliverable,
            "term": term_text(contract),
            "place": contract.place,
            "figures": _figures(report),
            "accepted_on": report.accepted_on.isoformat() if report.accepted_on else "",
            "members": masked_text(
                _("Buyer: %(members)s. Service users: %(users)s.")
                % {"members": report.acceptance_members, "users": report.acceptance_users}
            ),
            "opinion": masked_text(report.acceptance_opinion),
            "other": _("None"),
        }
        title = _("Acceptance notice: %(title)s, %(milestone)s") % {
            "title": contract.title,
            "milestone": milestone.name,
        }
        return NoticeText(title, data)


def _figures(report: PerformanceReport) -> list[dict[str, str]]:
    rows = [
        {
            "name": figure.name,
            "planned": f"{plain(figure.planned)} {figure.unit}",
            "actual": f"{plain(figure.actual)} {figure.unit}",
        }
        for figure in report.figures.all()
    ]
    people = {
        "name": _("People served"),
        "planned": str(report.people_planned),
        "actual": str(report.people_served),
    }
    return [people, *rows]


def evaluation_notice(evaluation: Evaluation) -> NoticeText:
    contract = evaluation.contract
    with override(LANGUAGE):
        data = {
            "project_number": contract.project_number,
            "project_name": contract.source.title,
            "contract_number": contract.number,
            "buyer_name": contract.buyer.name,
            "supplier_name": contract.supplier.name,
            "evaluator_name": evaluation.evaluator.name,
            "total": f"{evaluation.total:.2f}",
            "grade": str(evaluation.get_grade_display()),
            "reason": evaluation.reason_sentence,
            "indicators": [
                {
                    "name": row.name,
                    "weight": plain(row.weight),
                    "score": plain(row.score or Decimal(0)),
                    "evidence": masked_text(row.evidence),
                }
                for row in evaluation.indicators.all()
            ],
            "findings": masked_text(evaluation.findings),
            "answer": masked_text(evaluation.answer) or _("The organization gave no answer in time."),
            "reply": masked_text(evaluation.reply_to_answer),
            "other": _("None"),
        }
        return NoticeText(_("Evaluation notice: %(title)s") % {"title": contract.title}, data)
