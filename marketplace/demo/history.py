"""The time before the system: published totals (with their sources) and made-up projects that add up to them.

Every figure is one that was published; where only a total is known, single projects are invented, marked 演示,
and carry no real organization's name. The same seed makes the same projects on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from marketplace.contracts.models import Grade
from marketplace.funds.models import FundKind, Purpose
from marketplace.transparency.models import (
    HistoricalCall,
    HistoricalPot,
    HistoricalProject,
    HistoricalShare,
    Statistic,
)

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
    Figure("f9-projects", "F9", "440700", "首届公益创投资助的养老助残项目", "35", "个", "2014 年至 2015 年", "江门市民政局公开资料"),
    Figure("f9-amount", "F9", "440700", "首届公益创投的财政资金、社会资金和捐赠", "28700000", "元", "2014 年至 2015 年", "江门市民政局公开资料"),
    Figure("f9-organizations", "F9", "440700", "承接以上项目的社会工作机构", "22", "家", "2014 年至 2015 年", "江门市民政局公开资料"),
    Figure("f11-organizations", "F11", "440400", "社会组织", "1610", "家", "2014 年", "珠海市民政局公开资料"),
)  # fmt: skip


CALL_NUMBER = "JMCT-2014"
POTS = (("财政资金（演示）", "16000000.00"), ("社会资金（演示）", "8200000.00"), ("慈善捐赠（演示）", "4500000.00"))
CALL_CAP = Decimal("1500000.00")
CALL_PROJECTS, CALL_ORGANIZATIONS = 35, 22
CALL_RULES = (
    "单个项目资助不超过 150 万元。",
    "同一机构可以承接多个项目。",
    "不要求自筹资金比例。",
    "申报机构为专业社会工作服务机构。",
)
WORK_THEMES = (
    "居家养老",
    "社区日间照料",
    "失能老人照护者支持",
    "独居老人安全守护",
    "长者康复陪伴",
    "长者文化课堂",
    "残疾长者外出",
)
TOWNS = ("环市", "白沙", "北街", "堤东", "会城", "荷塘", "棠下", "杜阮", "潮连", "外海", "礼乐", "江南")
# Score and grade of the made-up evaluations, as R-PERF-01 sorts them.
GRADES = ((90, Grade.EXCELLENT), (80, Grade.GOOD), (60, Grade.MEDIUM), (0, Grade.POOR))


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


def capped_amounts(count: int, total: Decimal, cap: Decimal, rng: random.Random) -> list[Decimal]:
    """As `amounts`, none above `cap`: what is cut off goes to the smallest."""
    parts = amounts(count, total, rng)
    spare = sum((part - cap for part in parts if part > cap), Decimal(0))
    parts = [min(part, cap) for part in parts]
    for index in sorted(range(count), key=lambda index: parts[index]):
        more = min(spare, cap - parts[index])
        parts[index], spare = parts[index] + more, spare - more
    return parts


def spread(parts: list[Decimal], pots: list[Decimal]) -> list[list[Decimal]]:
    """What each pot pays of each part: every part and every pot comes out exactly (rounded running totals)."""
    whole, so_far, before, rows = sum(parts), Decimal(0), [Decimal(0)] * len(pots), list[list[Decimal]]()
    for part in parts:
        so_far += part
        upto = [(pot * so_far / whole).quantize(Decimal("0.01")) for pot in pots[:-1]]
        upto.append(so_far - sum(upto))
        rows.append([now - then for now, then in zip(upto, before, strict=True)])
        before = upto
    return rows


def write_earlier_call() -> None:
    """The first call of Jiangmen (F9): its totals were published, what lies behind them is made up."""
    rng = random.Random("F9")
    call = HistoricalCall.objects.create(
        series="F9",
        number=CALL_NUMBER,
        title="江门市首届公益创投（养老·助残）",
        region="440700",
        lead_name="江门市民政局",
        years="2014–2015",
        aims="用财政资金、社会资金和慈善捐赠共同资助为老年人和残疾人服务的项目。",
        rules="\n".join(CALL_RULES),
        source="江门市民政局公开资料",
    )
    pots = [
        HistoricalPot.objects.create(call=call, position=position, name=name, amount=Decimal(amount))
        for position, (name, amount) in enumerate(POTS, start=1)
    ]
    sums = capped_amounts(CALL_PROJECTS, Decimal("28700000.00"), CALL_CAP, rng)
    names = [
        f"{name}社会工作服务中心（演示）"
        for name in (*NAMES, "同心", "侨乡", "蓬勃", "康宁", "晚晴", "扶助", "众和", "安康")
    ]
    owners = [
        *names[:CALL_ORGANIZATIONS],
        *rng.choices(names[:CALL_ORGANIZATIONS], k=CALL_PROJECTS - CALL_ORGANIZATIONS),
    ]
    for index, (amount, shares) in enumerate(zip(sums, spread(sums, [pot.amount for pot in pots]), strict=True)):
        score = Decimal(rng.randrange(6800, 9700)) / 100
        project = HistoricalProject.objects.create(
            series="F9",
            number=f"{CALL_NUMBER}-{index + 1:02d}",
            title=f"{TOWNS[index % len(TOWNS)]}{WORK_THEMES[index % len(WORK_THEMES)]}",
            region="440700",
            buyer_name="江门市民政局",
            organization_name=owners[index],
            amount=amount,
            year=2014,
            fund_kind=FundKind.FISCAL,
            purpose=Purpose.ELDERLY,
            track="venture_call",
            call=call,
            score=score,
            grade=next(grade for least, grade in GRADES if score >= least),
        )
        HistoricalShare.objects.bulk_create(
            HistoricalShare(project=project, pot=pot, amount=share) for pot, share in zip(pots, shares, strict=True)
        )


def write_history() -> None:
    """Write the figures and the projects behind them, in bulk (they are history, not procedures of this system)."""
    HistoricalProject.objects.bulk_create([project for series in SERIES for project in projects(series)])
    write_earlier_call()
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
