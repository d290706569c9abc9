"""Funds with their approved lines, and the lists of the years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.accounts.actors import Actor
from marketplace.funds.models import BudgetLine, Fund, FundKind, Purpose
from marketplace.planning.models import ListedItem
from marketplace.planning.services import intentions, lists
from marketplace.planning.services.lists import ItemInput

from .town import Town


@dataclass(frozen=True)
class Buyer:
    """A buyer's key with the people who draw up and check its lists."""

    key: str
    officer: str
    approver: str


JINGAN = Buyer("jingan", "officer@jingan.example", "approver@jingan.example")
YANGPU = Buyer("yangpu", "officer@yangpu.example", "approver@yangpu.example")
PUDONG = Buyer("pudong", "officer@pudong.example", "approver@pudong.example")


@dataclass(frozen=True)
class PlannedItem:
    """A service of the year's list; `month` is the planned month."""

    key: str
    name: str
    outline: str
    code: str
    amount: str
    month: int
    purpose: str
    kind: str = FundKind.LOTTERY


ITEMS_2025 = (
    PlannedItem("night", "独居老人夜间应急陪护", "为 300 位独居老人提供夜间应急响应和陪护，组建志愿者队伍，服务期十一个月。", "A0402", "520000.00", 3, Purpose.ELDERLY),
    PlannedItem("hotline", "为老服务热线", "每天 12 小时接听老年人来电，解答政策、转介服务、情绪支持，全年不少于 9,000 通。", "A0402", "880000.00", 3, Purpose.ELDERLY),
)  # fmt: skip
ITEMS_2026 = (
    PlannedItem("canteen", "静安区社区老年食堂运营服务（2026–2027）", "为静安区六个街道的 60 岁以上居民提供午、晚两餐的食堂运营、送餐和用餐陪伴，六个点位，每天不少于 1,800 份。", "A0402", "1860000.00", 5, Purpose.ELDERLY),
    PlannedItem("family", "静安区失独家庭关爱服务", "为 120 户失独家庭提供定期探访、精神慰藉、就医陪同和节日关怀。", "A1003", "648000.00", 5, Purpose.POOR),
    PlannedItem("daycare", "静安区日间照料中心委托管理", "受托管理三个日间照料中心，提供托养、康复、助浴和文体服务。", "A0402", "2400000.00", 4, Purpose.ELDERLY),
    PlannedItem("autism", "静安区心智障碍青年就业支持", "为 40 名心智障碍青年提供职业评估、岗前训练和在岗支持。", "A0406", "720000.00", 5, Purpose.DISABLED),
    PlannedItem("caregiver", "静安区家庭照护者喘息服务", "为失能老人家庭照护者提供短期替代照护和技能培训。", "A0402", "560000.00", 6, Purpose.ELDERLY),
    PlannedItem("children", "静安区困境儿童成长陪伴", "为 90 名困境儿童提供课后陪伴、心理支持和家庭指导。", "A0401", "399000.00", 3, Purpose.ORPHANS),
    PlannedItem("safety", "静安区居家适老化安全评估", "为 800 户高龄老人家庭做居家安全评估并提出改造建议。", "A0402", "480000.00", 4, Purpose.ELDERLY),
    PlannedItem("reading", "静安区社区老年阅读陪伴", "在十二个居民区开展老年阅读陪伴活动，每月不少于两次。", "A0803", "260000.00", 8, Purpose.ELDERLY, FundKind.FISCAL),
)  # fmt: skip
ITEMS_YANGPU = (
    PlannedItem("rehab", "杨浦区残疾人社区康复服务", "为 260 名残疾人提供社区康复训练、辅具指导和上门随访。", "A0406", "520000.00", 2, Purpose.DISABLED),
    PlannedItem("hoarding", "杨浦区独居老人居家环境整治", "为 150 户独居老人整治居家环境，消除安全隐患。", "A0404", "360000.00", 2, Purpose.ELDERLY),
    PlannedItem("minors", "杨浦区困境儿童社会工作服务", "为困境儿童及家庭提供个案管理、小组活动和资源链接。", "A0401", "648000.00", 7, Purpose.ORPHANS),
)  # fmt: skip
ITEMS_PUDONG = (
    PlannedItem("volunteers", "浦东新区助老志愿者培训", "为 600 名助老志愿者提供分级培训和上岗指导。", "A1005", "300000.00", 9, Purpose.ELDERLY, FundKind.FISCAL),
)  # fmt: skip
EXTRA_AMOUNT = "5000.00"
DETAILS = "服务对象名单由街道核定，每次服务留有记录并由服务对象或者家属签字。"
FUND_NAMES = {FundKind.LOTTERY: "福利彩票公益金", FundKind.FISCAL: "财政预算资金", FundKind.SPONSOR: "社会资助资金"}


def budget_line(town: Town, buyer: Buyer, year: int, item: PlannedItem) -> BudgetLine:
    """The approved line for a purpose of a fund; entered from the approved budget, not by a procedure."""
    fund, _new = Fund.objects.get_or_create(
        body=town.body(buyer.key), kind=item.kind, year=year, defaults={"name": FUND_NAMES[FundKind(item.kind)]}
    )
    return BudgetLine.objects.get_or_create(
        fund=fund,
        code=f"{year}-{item.kind[:2].upper()}-{item.purpose[:2].upper()}",
        defaults={
            "name": str(Purpose(item.purpose).label),
            "purpose": item.purpose,
            "amount": Decimal("8000000.00"),
            "approved_on": date(year, 1, 20),
        },
    )[0]


def draw_up_list(town: Town, buyer: Buyer, year: int, items: tuple[PlannedItem, ...]) -> int:
    """A list with its items, not yet submitted; answers its id."""
    officer = town.actor(buyer.officer)
    purchase_list = lists.open_list(actor=officer, year=year)
    for number, item in enumerate(items, start=1):
        lists.add_item(
            actor=officer,
            list_id=purchase_list.pk,
            item=ItemInput(
                name=item.name,
                outline=item.outline + DETAILS,
                directory_code=item.code,
                is_public_service=True,
                negative_list_confirmed=True,
                budget_line_id=budget_line(town, buyer, year, item).pk,
                amount=Decimal(item.amount),
                planned_month=date(year, item.month, 1),
                plan_filing_number=f"沪财采备[{year}]{buyer.key[:2].upper()}{number:03d}",
            ),
        )
    return purchase_list.pk


def publish_list(town: Town, buyer: Buyer, list_id: int) -> None:
    lists.submit_list(actor=town.actor(buyer.officer), list_id=list_id)
    lists.publish_list(actor=town.actor(buyer.approver), list_id=list_id)


def publish_intentions(town: Town, buyer: Buyer, items: tuple[PlannedItem, ...]) -> None:
    for item in items:
        row = listed(town, buyer, item)
        intention = intentions.propose_intention(actor=town.actor(buyer.officer), item_id=row.pk)
        intentions.publish_intention(actor=town.actor(buyer.approver), intention_id=intention.pk)


def listed(town: Town, buyer: Buyer, item: PlannedItem) -> ListedItem:
    return ListedItem.objects.get(purchase_list__body=town.body(buyer.key), name=item.name)


def extra_items(count: int) -> tuple[PlannedItem, ...]:
    """Small made-up items for measuring: `seed_demo --tenders N`."""
    outline = "为本街道老年人提供一次社区便民服务，共 50 人次。"
    return tuple(
        PlannedItem(f"extra-{n}", f"杨浦区社区便民服务第 {n} 号", outline, "A0402", EXTRA_AMOUNT, 6, Purpose.ELDERLY, FundKind.FISCAL)
        for n in range(1, count + 1)
    )  # fmt: skip


def item_of(key: str) -> PlannedItem:
    everything = ITEMS_2025 + ITEMS_2026 + ITEMS_YANGPU + ITEMS_PUDONG
    return next(item for item in everything if item.key == key)


def officer_of(town: Town, buyer: Buyer) -> Actor:
    return town.actor(buyer.officer)
