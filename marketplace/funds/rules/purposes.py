"""What welfare-lottery money is for and what it must not buy (R-LOT-01 to R-LOT-03, R-LOT-06)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

SIGN_TEXT = "彩票公益金资助-中国福利彩票"


@dataclass(frozen=True)
class Ban:
    """One kind of banned spending: words that name it, and words that show something harmless is meant."""

    code: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


# 民办发〔2019〕34号 and the local measures after it, by the words that cost lines use.
BANS = (
    Ban("travel_abroad", ("出国", "出境", "境外考察", "境外培训", "境外差旅", "赴港", "赴澳", "赴台")),
    Ban("reception", ("招待", "接待费", "宴请", "公务接待", "会餐", "烟酒", "礼品", "礼金")),
    Ban("official_car", ("公务用车", "公车", "购车", "车辆购置", "小轿车"), ("无障碍车", "助浴车", "康复车")),
    Ban("base_spending", ("行政经费", "机关经费", "人员编制经费", "办公楼租金", "机关运行")),
    Ban("irregular_pay", ("滥发", "违规津贴", "违规补贴", "小金库", "过节费", "福利费", "奖金池")),
    Ban("office_building", ("办公楼建", "办公用房建", "职工住宅", "职工宿舍建", "楼堂馆所", "办公楼装修")),
    Ban("profit", ("投资理财", "股票", "基金申购", "入股", "对外投资", "营利", "放贷", "购买理财")),
    Ban("fines_debts", ("罚款", "滞纳金", "偿还债务", "还贷", "违约金", "赞助费")),
)


def banned_spending(name: str) -> str:
    """Code of the ban that a cost line's words fall under, or "". «招待费» → "reception"; «助浴车购置» → ""."""
    text = "".join(name.split())
    for ban in BANS:
        if any(word in text for word in ban.words) and not any(word in text for word in ban.unless):
            return ban.code
    return ""


def check_spending(names: Iterable[str], *, is_lottery: bool) -> Decision:
    """Banned cost lines refuse a report on lottery money, naming the first one (R-LOT-03)."""
    banned = [name for name in names if is_lottery and banned_spending(name)]
    if not banned:
        return allow("R-LOT-03")
    return refuse(
        _(
            "Welfare-lottery money must not pay for «%(cost)s». Pay it from other means and take the line out; "
            "if the words mislead, name the cost more exactly."
        )
        % {"cost": banned[0]},
        "R-LOT-03",
        field="spending",
    )


def check_purpose(purpose: str, *, is_lottery: bool) -> Decision:
    """Lottery money goes to the elderly, disabled, orphans, people in hardship, or other public good (R-LOT-02)."""
    known = {"elderly", "disabled", "orphans", "poor", "other"}
    if purpose in known:
        return allow("R-LOT-02" if is_lottery else "R-PLAN-01")
    return refuse(
        _("Choose the purpose: elderly, disabled, orphans, hardship or other public good."),
        "R-LOT-02" if is_lottery else "R-PLAN-01",
        field="purpose",
    )
