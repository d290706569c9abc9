"""Spending that grant money must not pay for, found by words in a cost line (R-LOT-03, R-VENT-11).

A list of words is no judge: what it finds on a line is renamed, or paid from own money. Lines that no pot pays for are
the applicant's own business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

# R-LOT-03: travel abroad, receptions, official cars, base spending of public bodies, irregular pay, office and staff
# housing, profit-making.
LOTTERY = (
    "出国", "出境", "境外考察", "境外培训", "公务接待", "招待", "宴请", "公务用车", "公车", "基本支出", "机关经费",
    "津贴补贴", "奖金福利", "年终奖", "办公楼", "办公用房", "职工宿舍", "职工住房", "经营性", "营利", "盈利",
)  # fmt: skip
# R-VENT-11: fees that somebody takes, handing the work on, buildings, fines, debts, investment, cars.
GRANT = (
    "转包", "分包", "外包", "基建", "建房", "购房", "房屋购置", "房屋建设", "楼堂馆所", "罚款", "滞纳金", "违约金",
    "偿债", "还债", "还贷", "偿还", "债务", "股权", "理财", "证券", "对外投资", "投资款", "购车", "汽车", "车辆购置",
)  # fmt: skip
FEE = "管理费"
INDIRECT = "indirect"
SPACES = re.compile(r"\s+")

CostLine = tuple[int, str, str, str, tuple[bool, bool]]
"""Row, name, basis, kind, (a pot pays, a lottery pot pays)."""


def spending_decisions(lines: Iterable[CostLine]) -> Iterator[Decision]:
    wrong = False
    for row, name, basis, kind, (is_granted, is_lottery) in lines:
        for rule_id, word in banned_words(f"{name} {basis}", kind, is_granted=is_granted, is_lottery=is_lottery):
            wrong = True
            yield refuse(_sentence(rule_id) % {"row": row, "name": name, "word": word}, rule_id, field="rows")
    if not wrong:
        yield allow("R-VENT-11", _("No line names spending that grant money must not pay for."))


def banned_words(text: str, kind: str, *, is_granted: bool, is_lottery: bool) -> Iterator[tuple[str, str]]:
    """(rule, word) of what must not be paid by whoever pays. A fee for management is an indirect cost, or none."""
    plain = SPACES.sub("", unicodedata.normalize("NFKC", text))
    if is_lottery:
        yield from (("R-LOT-03", word) for word in LOTTERY if word in plain)
    if is_granted:
        yield from (("R-VENT-11", word) for word in GRANT if word in plain)
        if FEE in plain and kind != INDIRECT:
            yield "R-VENT-11", FEE


def _sentence(rule_id: str) -> str:
    if rule_id == "R-LOT-03":
        return _(
            "Row %(row)s «%(name)s»: «%(word)s» must not be paid with lottery money. Pay it with own money, take it "
            "out, or name what is really meant."
        )
    return _(
        "Row %(row)s «%(name)s»: «%(word)s» must not be paid with grant money. Pay it with own money, take it out, or "
        "name what is really meant."
    )
