"""For everybody: where the money of a call comes from, and who sponsors. There is no form to give (R-CHAR-02)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views import View

from marketplace.audit.log import subject_of
from marketplace.funds.selectors import AgreementMoney, agreements_money
from marketplace.ventures.models import Call
from marketplace.web.tables import csv_response

from ..models import Agreement, SponsorProfile
from ..selectors import CallMoney, call_money, public_name, sponsor_rows

CALL_COLUMNS = (
    "征集编号", "资金池", "资金来源", "协议编号", "出资方", "承诺金额（元）", "到账金额（元）", "退还金额（元）",
    "状态",
)  # fmt: skip
SPONSOR_COLUMNS = ("出资方", "代码", "协议数", "承诺金额（元）", "到账金额（元）")


class CallMoneyView(View):
    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        call = get_object_or_404(Call.objects.public().select_related("lead"), number=number)
        money = call_money(call)
        rows = [(row, public_name(row), sums) for row, sums in money.agreements]
        related = [(row.number, row.related_text) for row, _sums in money.agreements if row.has_related]
        context = {"call": call, "money": money, "rows": rows, "related": related}
        return render(request, "sponsorship/call_money.html", context)


class CallMoneyCsvView(View):
    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        call = get_object_or_404(Call.objects.public(), number=number)
        return csv_response(f"{call.number}-money.csv", CALL_COLUMNS, _call_lines(call_money(call)))


def _call_lines(money: CallMoney) -> Iterator[list[Any]]:
    for pot in money.pots:
        if not pot.is_external:
            body, amount = pot.pot.budget_line.fund.body.name, f"{pot.pot.amount:.2f}"
            yield [money.call.number, pot.pot.name, pot.kind, "", body, amount, "", "", ""]
    kinds = {pot.pot.pk: pot for pot in money.pots}
    for row, sums in money.agreements:
        pot = kinds[row.pot_id]
        yield [
            money.call.number, pot.pot.name, pot.kind, row.number, public_name(row), f"{sums.promised:.2f}",
            f"{sums.received:.2f}", f"{sums.returned:.2f}", row.get_status_display(),
        ]  # fmt: skip


class SponsorListView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "sponsorship/sponsor_list.html", {"rows": sponsor_rows()})


class SponsorCsvView(View):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = ([row.name, row.code, row.count, f"{row.promised:.2f}", f"{row.received:.2f}"] for row in sponsor_rows())
        return csv_response("sponsors.csv", SPONSOR_COLUMNS, rows)


class SponsorView(View):
    """A named sponsor's agreements. What it gave anonymously stands on no page that names it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        profile = get_object_or_404(SponsorProfile.objects.select_related("body"), code=code)
        agreements = list(
            Agreement.objects.public()
            .filter(sponsor_id=profile.body_id, is_anonymous=False)
            .select_related("call", "pot__budget_line__fund")
            .order_by("-signed_at", "-pk")
        )
        if not agreements:
            raise Http404
        money = agreements_money(agreements)
        rows = [(row, money.get(subject_of(row), AgreementMoney())) for row in agreements]
        context = {
            "profile": profile,
            "rows": rows,
            "promised": sum(sums.promised for _row, sums in rows),
            "received": sum(sums.kept for _row, sums in rows),
        }
        return render(request, "sponsorship/sponsor_detail.html", context)
