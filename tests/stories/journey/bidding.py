"""Three organizations bid from their phones; the deadline passes; two custodians open; the bidders confirm."""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.demo.people import CUSTODIAN_PASSPHRASES
from tests.support.papers import docx, pdf
from tests.support.walker import Person
from tests.support.worker import work_off

from .stage import BIDDERS, TITLE, Stage

PRICES = {"chenxi": "812,000.00", "xinye": "798000元", "anlan": "835,000.00"}
ANSWERS = (
    "对象分三类建档，午餐十点半出餐、十一点半前送到；陪伴每周两次；应急预案覆盖走失、突发疾病和极端天气。",
    "投入持证社会工作者六名，名单和证书见附件。",
    "岗位自查、督导抽查、机构月查三级检查，每月回访 25%，问题三个工作日内整改。",
    "接到求助后 18 分钟内到场，二十四小时值守。",
)


@dataclass
class Bid:
    """A bid being written. Only the first bidder's steps are kept as pictures; the others do the same."""

    person: Person
    name: str
    price: str
    pictures: bool

    def next(self, name: str) -> Bid:
        if self.pictures:
            self.person.picture(name)
        self.person.press("保存并继续")
        return self


def three_bids(stage: Stage) -> None:
    for key in BIDDERS:
        person = stage.bidder(key).go(f"/tenders/{stage.number}/").follow("开始编写投标").press("开始编写投标")
        name = person.number(r"\S+（演示）")
        bid = Bid(person, name, PRICES[key], pictures=key == "chenxi")
        if bid.pictures:
            person.picture("bid-steps")
        write_bid(stage, person.follow("下一步：资格证明材料", exact=False), bid)
        seal_and_submit(person, bid)
    stage.bidder("chenxi").go("/workspace/bids/").picture("bids")


def write_bid(stage: Stage, person: Person, bid: Bid) -> None:
    for kind in ("registration", "finance", "capability"):
        person.page.locator(f"[name=own-{kind}]").select_option(index=1)
    licence = pdf(stage.papers, "供餐协议", bid.name, pages=2)
    person.attach("[name^=file-evidence-condition]", licence)
    bid.next("bid-evidence")
    person.fill(agreed="on", name="林晓晨")
    bid.next("bid-declaration")
    person.fill(amount=bid.price)
    bid.next("bid-price")
    for place, answer in enumerate(ANSWERS):
        person.fill(answer=answer)
        if place == 0:
            person.attach("[name^=file-technical]", pdf(stage.papers, "服务方案", bid.name, pages=5))
        bid.next(f"bid-answer-{place + 1}")
    person.fill(none="on")
    bid.next("bid-related")
    person.attach("[name=file-annex]", docx(stage.papers, "人员名册和证书", bid.name))
    bid.next("bid-annexes")
    person.fill(name="林晓晨", phone="021-6100 0011")
    bid.next("bid-contact")


def seal_and_submit(person: Person, bid: Bid) -> None:
    person.sees("没有缺项")
    if bid.pictures:
        person.picture("bid-check")
    person.press("投标已完成，封存文件").sees("正在封存文件")
    if bid.pictures:
        person.picture("bid-being-sealed")
    work_off()
    person.sees("已封存，请递交")
    if bid.pictures:
        person.picture("bid-sealed")
        with person.page.expect_download() as own_copy:
            person.page.get_by_role("link", name=re.compile("投标副本")).click()
        assert own_copy.value.suggested_filename.endswith(".zip")
    person.press("递交封存的投标").sees("投标已送达并封存")
    if bid.pictures:
        person.picture("bid-receipt")


def the_opening(stage: Stage) -> None:
    """A minute after the deadline the worker closes the lot; two of the three custodians hand in their shares."""
    stage.until(2026, 8, 6, 9, 20)
    stage.person("").go(f"/tenders/{stage.number}/").picture("ten-minutes-before")
    stage.until(2026, 8, 6, 9, 32)
    for email, passphrase in list(CUSTODIAN_PASSPHRASES.items())[:2]:
        custodian = stage.work(stage.person(email), TITLE).follow("交出份额").fill(passphrase=passphrase)
        custodian.picture(f"share-of-{email.partition('@')[0]}").press("交出").sees("开标大厅")
    work_off()
    stage.person("").go(f"/tenders/{stage.number}/").picture("tender-closed")
    for key in BIDDERS:
        bidder = stage.work(stage.bidder(key), "确认唱标结果")
        if key == "chenxi":
            bidder.picture("opening-read-out")
        bidder.press("确认唱标结果").sees("已写入开标记录")
    officer = stage.officer().go("/workspace/openings/").picture("openings")
    officer.follow(TITLE, exact=False).press("固定开标记录").sees("开标记录已固定")
    work_off()
    officer.go(officer.page.url).sees("开标记录").picture("opening-minutes")
