"""The time before the system: published totals (with their sources) and made-up projects that add up to them.

Every figure is one that was published; where only a total is known, single projects are invented, marked 演示,
and carry no real organization's name. The same seed makes the same projects on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from marketplace.funds.models import FundKind, Purpose
from marketplace.transparency.models import HistoricalProject, Statistic

THEMES: dict[str, tuple[str, ...]] = {
    Purpose.ELDERLY: (
        "独居老人结对关爱",
        "社区老年助餐",
        "高龄老人居家照护",
        "认知症家庭支持",
        "老年人智能手机课堂",
        "银龄互助",
    ),
    Purpose.DISABLED: ("残疾人社区康复", "心智障碍青年就业支持", "听障儿童语言训练", "残疾人居家服务", "轮椅出行陪伴"),
    Purpose.ORPHANS: ("困境儿童陪伴", "孤儿成长支持", "来沪人员子女课后照料", "儿童心理关怀"),
    Purpose.POOR: ("困难家庭就业帮扶", "大病家庭临时救助", "低保家庭春节慰问", "失业家庭技能培训"),
}
STREETS = ("东兴", "南桥", "西园", "北站", "长宁里", "临水", "新泾", "望江", "桂林里", "和平里", "育才", "青松")
NAMES = ("晨曦", "新叶", "同行", "和风", "春晖", "暖阳", "安澜", "启明", "百合", "金桥", "行知", "乐邻", "善行", "众力")
SUFFIXES = ("社区服务中心", "助残服务社", "青少年事务所", "为老服务社", "社会工作服务中心", "公益发展中心")


@dataclass(frozen=True)
class Series:
    """A published total: `count` projects that sum to `total` yuan, spread over `years`."""

    code: str
    prefix: str
    count: int
    total: Decimal
    years: tuple[int, ...]
    regions: tuple[str, ...]
    buyer: str
    track: tuple[str, ...]


SERIES = (
    Series(
        "F1", "SHLS", 484, Decimal("179070000.00"), (2009, 2010, 2011, 2012),
        ("310000", "310110", "310106", "310115"), "上海市民政局", ("charity_tender", "venture_call"),
    ),
    Series(
        "F6", "NBLS", 400, Decimal("11000000.00"), (2010, 2011, 2012),
        ("330200", "330203"), "宁波市民政局", ("venture_call",),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    key: str
    series: str
    region: str
    label: str
    value: str
    unit: str
    period: str
    source: str
    qualifier: str = ""


FIGURES = (
    Figure("f1-projects", "F1", "310000", "福彩公益金资助的公益招投标、创投项目", "484", "个", "2009 年至 2012 年 4 月", "上海市民政局公开资料"),
    Figure("f1-amount", "F1", "310000", "以上项目资助金额", "179070000", "元", "2009 年至 2012 年 4 月", "上海市民政局公开资料"),
    Figure("f2-amount", "F2", "310000", "上海市民政局一年购买社会组织服务", "300000000", "元", "2014 年", "上海市民政局公开资料", "近"),
    Figure("f5-payments", "F5", "310110", "经资金内控监管平台拨付的笔数", "71000", "笔", "2019 年 7 月至 12 月", "杨浦区民政局公开资料"),
    Figure("f5-amount", "F5", "310110", "经资金内控监管平台拨付的金额", "86110000", "元", "2019 年 7 月至 12 月", "杨浦区民政局公开资料"),
    Figure("f5-runs", "F5", "310110", "每月集中拨付次数", "2", "次", "2019 年", "杨浦区民政局公开资料"),
    Figure("f5-kinds", "F5", "310110", "收款对象类别", "5", "类", "2019 年", "杨浦区民政局公开资料"),
    Figure("f6-amount", "F6", "330200", "投入福彩公益金", "11000000", "元", "至 2012 年", "宁波市民政局公开资料", "近"),
    Figure("f6-projects", "F6", "330200", "资助公益项目", "400", "个", "至 2012 年", "宁波市民政局公开资料", "余"),
    Figure("f6-organizations", "F6", "330200", "社会组织", "13743", "家", "2012 年", "宁波市民政局公开资料"),
    Figure("f6-sales", "F6", "330200", "福利彩票年销量", "1427000000", "元", "2011 年", "宁波市民政局公开资料"),
    Figure("f11-organizations", "F11", "440400", "社会组织", "1610", "家", "2014 年", "珠海市民政局公开资料"),
)  # fmt: skip


def amounts(count: int, total: Decimal, rng: random.Random) -> list[Decimal]:
    """`count` positive amounts in steps of 100 yuan that sum to `total` exactly."""
    weights = [rng.uniform(0.3, 1.7) for _ in range(count)]
    hundreds = int(total // 100)
    parts = [max(1, int(hundreds * weight / sum(weights))) for weight in weights]
    parts[0] += hundreds - sum(parts)
    return [Decimal(part * 100) for part in parts]


def projects(series: Series) -> Iterator[HistoricalProject]:
    rng = random.Random(series.code)
    for index, amount in enumerate(amounts(series.count, series.total, rng), start=1):
        purpose = rng.choice(list(THEMES))
        year = rng.choice(series.years)
        yield HistoricalProject(
            series=series.code,
            number=f"{series.prefix}-{index:04d}",
            title=f"{rng.choice(STREETS)}街道{rng.choice(THEMES[purpose])}",
            region=rng.choice(series.regions),
            buyer_name=series.buyer,
            organization_name=f"{rng.choice(NAMES)}{rng.choice(SUFFIXES)}（演示）",
            amount=amount,
            year=year,
            fund_kind=FundKind.LOTTERY,
            purpose=purpose,
            track=rng.choice(series.track),
        )


def write_history() -> None:
    """Write the figures and the projects behind them, in bulk (they are history, not procedures of this system)."""
    HistoricalProject.objects.bulk_create([project for series in SERIES for project in projects(series)])
    Statistic.objects.bulk_create(
        Statistic(
            key=figure.key,
            series=figure.series,
            region=figure.region,
            label=figure.label,
            value=Decimal(figure.value),
            unit=figure.unit,
            qualifier=figure.qualifier,
            period=figure.period,
            source=figure.source,
        )
        for figure in FIGURES
    )
