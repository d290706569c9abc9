"""Eligibility, the draw of the committee, scoring by five members, the signed report, the award."""

from __future__ import annotations

from marketplace.procurement.models import CommitteeMember, MemberStatus
from tests.support.papers import pdf
from tests.support.walker import Person
from tests.support.worker import work_off

from .stage import BIDDERS, TITLE, Stage

BRIEFING = "介绍项目背景、服务对象和采购需求，不含倾向性说明。"
# The range that a member chooses for each criterion, from the best: the first bidder's answers are the best.
CHOICES = {"晨曦": (1, 1, 1, 1), "新叶": (2, 2, 1, 1), "安澜": (2, 1, 2, 2)}


def the_eligibility(stage: Stage) -> None:
    officer = stage.work(stage.officer(), "资格审查").press("开始审查").picture("eligibility")
    query = pdf(stage.papers, "信用查询记录", "静安区民政局", pages=1)
    bids = officer.page.locator("main table a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(bids) == len(BIDDERS)
    for place, bid in enumerate(bids):
        officer.go(bid)
        for verdict in officer.page.get_by_label("符合", exact=True).all():
            verdict.check()
        if place == 0:
            officer.picture("eligibility-of-one")
        officer.press("保存")
        look_up_credit(officer, bid, query, pictures=place == 0)
    officer.go("/workspace/lots/").picture("lots")
    stage.work(officer, "资格审查").press("结束审查").picture("eligibility-concluded")


def look_up_credit(officer: Person, bid: str, query, *, pictures: bool) -> None:  # type: ignore[no-untyped-def]
    """Three lists, each with the sheet that was looked at."""
    for _list in range(3):
        officer.go(bid).follow("保存查询记录", exact=False)
        officer.fill(is_listed="False").attach("[type=file]", query)
        if pictures and _list == 0:
            officer.picture("credit-query")
        officer.page.locator("main form button").first.click()
        officer.page.wait_for_url(f"**{bid}")


def the_committee(stage: Stage) -> None:
    """Drawn by lot from a pool fixed before; each member accepts and declares to be free."""
    officer = stage.officer().go("/workspace/lots/1/committee/").fill(review_on="2026-08-06").picture("draw")
    officer.press("抽取专家").picture("drawn")
    officer.page.locator("form select").last.select_option(label="何代表")
    officer.press("邀请此人")
    for place, member in enumerate(invited()):
        person = stage.work(stage.person(member.user.email), "邀请")
        if place == 0:
            person.picture("invitation")
        person.fill(accepts="True").press("提交答复").follow("声明")
        if place == 0:
            person.picture("declaration")
        person.fill(is_free="True").press("声明")
    officer.go("/workspace/lots/1/committee/").picture("committee")


def invited() -> list[CommitteeMember]:
    return list(CommitteeMember.objects.filter(status=MemberStatus.INVITED).select_related("user").order_by("pk"))


def seated() -> list[CommitteeMember]:
    return list(CommitteeMember.objects.filter(status=MemberStatus.ACCEPTED).select_related("user").order_by("pk"))


def the_review(stage: Stage) -> None:
    """Five members elect a leader, vote on conformity, and score: the first of them with the keyboard alone."""
    officer = stage.officer().go("/workspace/lots/1/").follow("开始评审").fill(briefing=BRIEFING)
    officer.picture("briefing").press("开始评审")
    members = seated()
    assert len(members) == 5
    people = [stage.person(member.user.email) for member in members]
    for place, person in enumerate(people):
        go_to_panel(person)
        if place == 0:
            person.picture("panel")
        person.follow("投票")
        person.page.locator("[name=candidate]").first.check()
        person.press("投票")
    for place, person in enumerate(people):
        vote_on_conformity(person, pictures=place == 0)
    for place, person in enumerate(people):
        score(person, by_keyboard=place == 0)


def go_to_panel(person: Person) -> Person:
    return person.go("/workspace/panels/").follow(TITLE, exact=False)


def vote_on_conformity(person: Person, *, pictures: bool) -> None:
    go_to_panel(person).follow("（演示）", exact=False)
    for place in range(len(BIDDERS)):
        if pictures and place == 0:
            person.picture("conformity")
        person.fill(conforms="True").press("投票并继续")


def score(person: Person, *, by_keyboard: bool) -> None:
    go_to_panel(person)
    person.page.locator(".score-list a").first.click()
    person.page.wait_for_selector("form[data-scoring]")
    for place in range(len(BIDDERS)):
        ranges = CHOICES[person.page.locator("h1").inner_text()[:2]]
        choose_by_keyboard(person, ranges) if by_keyboard else choose(person, ranges)
        if by_keyboard and place == 0:
            person.picture("scoring")
        last = place == len(BIDDERS) - 1
        person.press("保存" if last else "保存并评下一份")
    go_to_panel(person).press("提交我的评分")


def choose(person: Person, ranges: tuple[int, ...]) -> None:
    for row, number in zip(person.page.locator(".score-row").all(), ranges, strict=True):
        row.locator("input[type=radio]").nth(number - 1).check()


def choose_by_keyboard(person: Person, ranges: tuple[int, ...]) -> None:
    """Digits choose a range, n goes to the next criterion."""
    keyboard = person.page.keyboard
    person.page.locator(".score-row h2").first.focus()
    for place, number in enumerate(ranges):
        if place:
            keyboard.press("n")
        keyboard.press(str(number))
    chosen = person.page.locator(".score-row input:checked")
    assert chosen.count() == len(ranges)


def the_report(stage: Stage) -> None:
    people = [stage.person(member.user.email) for member in seated()]
    leader = next(person for person in people if "汇总评分" in go_to_panel(person).words)
    leader.picture("comparison").press("汇总评分").picture("consolidated")
    work_off()
    for person in people:
        go_to_panel(person).follow("阅读并签署")
        if person is leader:
            person.picture("report-to-sign")
        person.fill(code=person.page.locator(".demo-note code").inner_text()).press("签署报告")
    go_to_panel(leader).picture("report-signed")


def the_award(stage: Stage) -> None:
    stage.until(2026, 8, 7, 10)
    officer = stage.work(stage.officer(), "定标").picture("ranking")
    officer.page.locator("[name=bid]").first.check()
    officer.press("提交第二人决定")
    stage.work(stage.approver(), "决定中标结果").picture("award-check").press("公布结果").picture("award-published")
    work_off()
    for key in ("chenxi", "xinye"):
        stage.bidder(key).go("/workspace/letters/").follow(TITLE, exact=False).picture(f"letter-{key}")
    visitor = stage.person("").go("/notices/").follow("结果公告", exact=False).picture("result-notice")
    visitor.go(f"/projects/{stage.number}/").sees("晨曦社区服务中心").picture("project-awarded")
