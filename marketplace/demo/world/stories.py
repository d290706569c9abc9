"""The procedures of the demo world, each a story of moments; the scheduler plays them side by side."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime, timedelta

from marketplace.core.clock import ZONE
from marketplace.procurement.models import Award, Lot, Tender
from marketplace.procurement.services import objections, question, retender

from . import applying, delivering, reviewing, sponsoring, tendering, venturing
from .custody import Custody
from .plans import (
    ITEMS_2025,
    ITEMS_2026,
    ITEMS_PUDONG,
    ITEMS_YANGPU,
    JINGAN,
    PUDONG,
    YANGPU,
    draw_up_list,
    extra_items,
    item_of,
    publish_intentions,
    publish_list,
)
from .tendering import Plan
from .town import Town

Moments = Iterator[datetime]


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


class World:
    """What the stories share."""

    def __init__(self, town: Town, custody: Custody, extra_tenders: int = 0) -> None:
        self.town, self.custody = town, custody
        self.extra = extra_items(extra_tenders)

    # --- parts of stories

    def lists(self) -> Moments:
        yield at(2025, 2, 10, 9, 30)
        publish_list(self.town, JINGAN, draw_up_list(self.town, JINGAN, 2025, ITEMS_2025))
        yield at(2025, 2, 11)
        publish_intentions(self.town, JINGAN, ITEMS_2025)
        yield at(2026, 1, 12)
        publish_list(self.town, JINGAN, draw_up_list(self.town, JINGAN, 2026, ITEMS_2026))
        publish_list(self.town, YANGPU, draw_up_list(self.town, YANGPU, 2026, ITEMS_YANGPU + self.extra))
        yield at(2026, 1, 13)
        publish_intentions(self.town, JINGAN, ITEMS_2026)
        publish_intentions(self.town, YANGPU, ITEMS_YANGPU)
        yield at(2026, 6, 12)
        draw_up_list(self.town, PUDONG, 2026, ITEMS_PUDONG)

    def open_tender(self, plan: Plan, when: datetime) -> Generator[datetime, None, Tender]:
        yield when
        tender = tendering.prepare(self.town, self.custody, plan)
        tendering.submit(self.town, plan, tender)
        yield when + timedelta(hours=3)
        tendering.publish(self.town, plan, tender)
        return tender

    def bids(self, plan: Plan, tender: Tender) -> Moments:
        """Documents are taken in the first days; the bids arrive two days and some minutes before the deadline."""
        assert tender.published_at is not None
        assert tender.deadline is not None
        yield tender.published_at + timedelta(days=2)
        for bidder in plan.bidders:
            tendering.take(self.town, tender, bidder)
        for number, (bidder, price) in enumerate(zip(plan.bidders, plan.prices, strict=True)):
            yield tender.deadline - timedelta(days=2) + timedelta(minutes=37 * number)
            for lot in tender.lots.select_related("tender").all():
                tendering.seal_bid(self.town, lot, bidder, price, plan.levels[number])

    def opening(self, tender: Tender) -> Moments:
        assert tender.deadline is not None
        yield tender.deadline + timedelta(minutes=2)  # `run_due` has closed the lots
        yield tender.deadline + timedelta(minutes=12)
        for lot in lots_of(tender):
            self.custody.open(self.town, lot)
        yield tender.deadline + timedelta(minutes=55)  # the bidders' half hour is over

    def review(self, plan: Plan, tender: Tender, *, submitting: int | None = None) -> Moments:
        assert tender.deadline is not None
        yield tender.deadline + timedelta(hours=3)
        for lot in lots_of(tender):
            reviewing.check_eligibility(self.town, plan, lot)
        yield tender.deadline + timedelta(hours=4)
        for lot in lots_of(tender):
            reviewing.seat_committee(self.town, plan, lot)
        yield tender.deadline + timedelta(hours=5)
        for lot in lots_of(tender):
            reviewing.begin_review(self.town, plan, lot)
            reviewing.score(self.town, plan, lot, submitting=submitting)
        if submitting is None:
            for lot in lots_of(tender):
                reviewing.conclude(self.town, lot)

    def awarded(self, plan: Plan, when: datetime) -> Generator[datetime, None, Tender]:
        """From the tender to the published result."""
        tender = yield from self.open_tender(plan, when)
        yield from self.bids(plan, tender)
        yield from self.opening(tender)
        yield from self.review(plan, tender)
        yield tender.deadline + timedelta(days=1, hours=1)  # type: ignore[misc, operator]
        for lot in lots_of(tender):
            reviewing.award(self.town, plan, lot)
        return tender

    def paid(self, plan: Plan, contract, position: int, when: datetime, *, people: tuple[int, int]) -> Moments:  # type: ignore[no-untyped-def]
        """A milestone reported, accepted, asked for, approved and, with the next run, approved again and paid."""
        yield when
        delivering.report(self.town, contract, position, planned=people[0], served=people[1])
        yield when + timedelta(days=3)
        delivering.accept(self.town, plan, contract, position)
        yield when + timedelta(days=4)
        row = delivering.request_payment(self.town, contract, position)
        yield when + timedelta(days=4, hours=3)
        delivering.approve_first(self.town, plan, row)
        yield at(row.run_on.year, row.run_on.month, row.run_on.day, 15)
        delivering.pay(self.town, plan, row)

    # --- whole stories

    def finished(self) -> Moments:
        """独居老人夜间应急陪护: to the end, graded, with a smiling face."""
        plan = Plan(
            item_of("night"), JINGAN, service_from=date(2025, 5, 6), service_days=300, milestone_days=(24, 170, 290)
        )
        tender = yield from self.awarded(plan, at(2025, 3, 17))
        yield at(2025, 4, 29)
        contract = delivering.sign(self.town, plan, award_of(tender))
        for position, when in ((1, at(2025, 5, 28)), (2, at(2025, 10, 20)), (3, at(2026, 2, 10))):
            yield from self.paid(plan, contract, position, when, people=(300, 312))
        yield at(2026, 3, 2)
        row = delivering.assign(self.town, plan, contract)
        yield at(2026, 3, 19)
        sentence = "目标人数完成 104%，夜间响应平均 11 分钟"
        delivering.draft_evaluation(self.town, row, "92.4", sentence)
        yield at(2026, 3, 24)
        delivering.answer(self.town, row, "同意评估意见，志愿者培训将在九月前补齐。")
        yield at(2026, 3, 30)
        delivering.finish_evaluation(self.town, row, "92.4", sentence)

    def hotline(self) -> Moments:
        """为老服务热线: the evaluation's draft waits for the organization's answer."""
        plan = Plan(
            item_of("hotline"), JINGAN, service_from=date(2025, 5, 12), service_days=320, milestone_days=(24, 170, 300),
            bidders=("tongxing", "anlan", "xinye"), prices=("0.951", "0.938", "0.982"), levels=(0, 2, 1),
        )  # fmt: skip
        tender = yield from self.awarded(plan, at(2025, 3, 20))
        yield at(2025, 5, 7)
        contract = delivering.sign(self.town, plan, award_of(tender))
        for position, when in ((1, at(2025, 6, 3)), (2, at(2025, 10, 27)), (3, at(2026, 3, 3))):
            yield from self.paid(plan, contract, position, when, people=(4000, 4210))
        yield at(2026, 5, 20)
        row = delivering.assign(self.town, plan, contract)
        yield at(2026, 6, 11)
        delivering.draft_evaluation(self.town, row, "83.5", "接听量完成 105%，回访比例低于计划")

    def rehab(self) -> Moments:
        """杨浦区残疾人社区康复: a contract on time, first milestone paid."""
        plan = Plan(
            item_of("rehab"), YANGPU, service_from=date(2026, 4, 20), milestone_days=(24, 120, 300),
            bidders=("xinye", "chenxi", "anlan"), prices=("0.920", "0.948", "0.965"), levels=(0, 1, 2),
        )  # fmt: skip
        tender = yield from self.awarded(plan, at(2026, 2, 25))
        yield at(2026, 4, 9)
        contract = delivering.sign(self.town, plan, award_of(tender))
        yield from self.paid(plan, contract, 1, at(2026, 5, 12), people=(260, 251))

    def late(self) -> Moments:
        """杨浦区独居老人居家环境整治: the first milestone is late."""
        plan = Plan(
            item_of("hoarding"), YANGPU, service_from=date(2026, 4, 27), milestone_days=(34, 150, 300),
            bidders=("nuanyang", "anlan", "chenxi"), prices=("0.915", "0.944", "0.958"), levels=(0, 1, 1),
        )  # fmt: skip
        tender = yield from self.awarded(plan, at(2026, 3, 2))
        yield at(2026, 4, 15)
        delivering.sign(self.town, plan, award_of(tender))

    def children(self) -> Moments:
        """困境儿童成长陪伴: in the run of 25 June, waiting for the second approval."""
        plan = Plan(
            item_of("children"), JINGAN, service_from=date(2026, 5, 6), milestone_days=(30, 150, 300),
            bidders=("tongxing", "chenxi", "anlan"), prices=("0.941", "0.955", "0.972"), levels=(0, 1, 2),
        )  # fmt: skip
        tender = yield from self.awarded(plan, at(2026, 3, 5))
        yield at(2026, 4, 21)
        contract = delivering.sign(self.town, plan, award_of(tender))
        yield at(2026, 6, 3)
        delivering.report(self.town, contract, 1, planned=90, served=92)
        yield at(2026, 6, 10)
        delivering.accept(self.town, plan, contract, 1)
        yield at(2026, 6, 11)
        row = delivering.request_payment(self.town, contract, 1)
        yield at(2026, 6, 12)
        delivering.approve_first(self.town, plan, row)

    def display(self) -> Moments:
        """失独家庭关爱: the result is published, the objection window runs."""
        plan = Plan(
            item_of("family"), JINGAN, deadline=at(2026, 6, 10, 9, 30), service_from=date(2026, 8, 1),
            bidders=("anlan", "tongxing", "chenxi"), prices=("0.926", "0.948", "0.960"), levels=(0, 1, 1),
        )  # fmt: skip
        yield from self.awarded(plan, at(2026, 5, 18))

    def objected(self) -> Moments:
        """日间照料中心委托管理: an accepted objection holds the contract."""
        plan = Plan(
            item_of("daycare"), JINGAN, deadline=at(2026, 6, 3, 9, 30), service_from=date(2026, 8, 1),
            bidders=("chenxi", "nuanyang", "anlan"), prices=("0.930", "0.925", "0.968"), levels=(0, 1, 2),
        )  # fmt: skip
        tender = yield from self.awarded(plan, at(2026, 5, 11))
        yield at(2026, 6, 9)
        objection = objections.submit_objection(
            actor=self.town.actor("nuanyang@org.example"),
            lot_id=lots_of(tender)[0].pk,
            letter=objections.LetterOfObjection(
                kind="result",
                address="上海市浦东新区（演示地址）",
                postcode="200120",
                contact_name="杨暖",
                contact_phone="021-61000000",
                matters="对“质量控制与回访”一项的得分有异议，请求复核。",
                facts="我方投标文件写明每月回访比例 25%，整改时限三个工作日。",
                legal_basis="《政府采购法》第五十二条、《政府采购质疑和投诉办法》第十一条。",
            ),
        )
        yield at(2026, 6, 10)
        objections.accept_objection(actor=self.town.actor(JINGAN.officer), objection_id=objection.pk)

    def reviewing(self) -> Moments:
        """心智障碍青年就业支持: two members have submitted their scores, the others have not."""
        plan = Plan(
            item_of("autism"), JINGAN, deadline=at(2026, 6, 11, 9, 30), service_from=date(2026, 8, 1),
            bidders=("xinye", "tongxing", "chenxi"), prices=("0.934", "0.947", "0.955"), levels=(0, 1, 1),
        )  # fmt: skip
        tender = yield from self.open_tender(plan, at(2026, 5, 19))
        yield from self.bids(plan, tender)
        yield from self.opening(tender)
        yield from self.review(plan, tender, submitting=2)

    def at_the_opening(self) -> Moments:
        """居家适老化安全评估: closed this morning, the custodians are awaited."""
        plan = Plan(
            item_of("safety"), JINGAN, deadline=at(2026, 6, 15, 8, 30), service_from=date(2026, 8, 10),
            bidders=("chenxi", "nuanyang", "tongxing"), prices=("0.944", "0.951", "0.967"), levels=(0, 1, 1),
        )  # fmt: skip
        tender = yield from self.open_tender(plan, at(2026, 5, 20))
        yield from self.bids(plan, tender)
        yield at(2026, 6, 15, 8, 32)

    def canteen(self) -> Moments:
        """社区老年食堂: open for bids for three more days, two lots, a question answered."""
        plan = Plan(
            item_of("canteen"), JINGAN, deadline=at(2026, 6, 18, 9, 30), service_from=date(2026, 8, 15), lots=2,
        )  # fmt: skip
        tender = yield from self.open_tender(plan, at(2026, 5, 25))
        yield at(2026, 5, 27)
        for bidder in ("chenxi", "xinye", "nuanyang", "anlan"):
            tendering.take(self.town, tender, bidder)
        yield at(2026, 6, 1)
        asked = question.ask_question(
            actor=self.town.actor("nuanyang@org.example"), tender_id=tender.pk, text="送餐车辆是否必须自有？"
        )
        yield at(2026, 6, 2)
        question.answer_question(
            actor=self.town.actor(JINGAN.officer),
            question_id=asked.pk,
            answer="不必须。租用的提供租赁合同即可，不影响评分。",
        )
        for number, (bidder, price) in enumerate((("xinye", "0.946"), ("anlan", "0.958"))):
            yield at(2026, 6, 13, 15, 10 + number)
            for lot in lots_of(tender):
                tendering.seal_bid(self.town, lot, bidder, price)

    def void(self) -> Moments:
        """家庭照护者喘息服务: two bids only, the lot is void, a re-tender is being prepared."""
        plan = Plan(
            item_of("caregiver"), JINGAN, deadline=at(2026, 5, 26, 9, 30), service_from=date(2026, 8, 1),
            bidders=("nuanyang", "chenxi"), prices=("0.950", "0.961"),
        )  # fmt: skip
        tender = yield from self.open_tender(plan, at(2026, 4, 30))
        yield from self.bids(plan, tender)
        yield at(2026, 5, 28)
        retender.retender_lot(actor=self.town.actor(JINGAN.officer), lot_id=lots_of(tender)[0].pk)

    def waiting_for_approval(self) -> Moments:
        """杨浦区困境儿童社会工作服务: submitted, the second officer is to check and publish."""
        plan = Plan(item_of("minors"), YANGPU, service_from=date(2026, 9, 1))
        yield at(2026, 6, 12, 16)
        tender = tendering.prepare(self.town, self.custody, plan)
        tendering.submit(self.town, plan, tender)

    def measuring(self) -> Moments:
        """As many small open tenders as were asked for, without bids."""
        for item in self.extra:
            plan = Plan(item, YANGPU, service_from=date(2026, 9, 1), early_reason="仅用于性能测量（演示）")
            yield from self.open_tender(plan, at(2026, 6, 1))

    def venture_call(self) -> Moments:
        """社区公益创投: open for applications, asked about, signed up for; and the draft of a second call."""
        yield at(2026, 5, 27, 10)
        call = venturing.prepare(self.town, venturing.SUMMER)
        venturing.submit(self.town, call)
        yield at(2026, 5, 28, 15)
        venturing.publish(self.town, call)
        yield at(2026, 6, 2, 11)
        venturing.ask(self.town, call)
        yield at(2026, 6, 3, 9, 40)
        venturing.sign_up(self.town, call)
        yield at(2026, 6, 12, 14)
        venturing.begin_next(self.town)

    def defended_call(self) -> Moments:
        """邻里互助公益创投: forty applications, pre-reviewed, scored by seven reviewers; today they are defended."""
        yield at(2026, 4, 1, 10)
        call = venturing.prepare(self.town, venturing.SPRING)
        venturing.submit(self.town, call)
        yield at(2026, 4, 2, 15)
        venturing.publish(self.town, call)
        round_ = applying.Round(self.town, call)
        yield at(2026, 4, 8, 10)
        agreement = sponsoring.offer(self.town, call)
        yield at(2026, 4, 8, 15)
        sponsoring.sign(self.town, agreement)
        yield at(2026, 4, 9, 10)
        round_.found_organizations()
        for day, part in ((14, 0), (21, 1), (28, 2), (30, 3)):
            yield at(2026, 4, day, 15)
            round_.apply(part)
        yield at(2026, 5, 7, 10)
        round_.prereview()
        yield at(2026, 5, 12, 10)
        round_.seat_panel()
        yield at(2026, 5, 29, 16)
        round_.score()
        yield at(2026, 6, 9, 14)
        round_.draw_defence(at(2026, 6, 15, 9, 30))

    def all(self) -> list[Moments]:
        return [
            self.lists(), self.finished(), self.hotline(), self.rehab(), self.late(), self.children(), self.display(),
            self.objected(), self.reviewing(), self.at_the_opening(), self.canteen(), self.void(),
            self.waiting_for_approval(), self.venture_call(), self.defended_call(), self.measuring(),
        ]  # fmt: skip


def lots_of(tender: Tender) -> list[Lot]:
    return list(Lot.objects.filter(tender=tender).select_related("tender__buyer"))


def award_of(tender: Tender) -> Award:
    return Award.objects.get(lot__tender=tender, status="published")
