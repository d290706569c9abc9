"""From the year's list to the answered question: the officer writes, a second officer checks and publishes."""

from __future__ import annotations

from tests.support.walker import Person
from tests.support.worker import work_off

from .stage import PASSWORD, TITLE, Stage

OUTLINE = (
    "为静安区三个街道的 260 位独居老人提供每日午餐配送、上门陪伴和紧急求助响应，服务期三个月，每月回访一次。"
    "服务对象名单由街道核定，每次服务留有记录并由老人或者家属签字。"
)
CONSULTED = "六月上旬在三个街道听取 312 位老人和家属的意见，据此把送餐时间提前到十一点半，并增加周末陪伴。"
QUALITY = (
    "午餐十一点半前送到，温度不低于六十度；每月满意度不低于 90%，投诉 24 小时内答复；按节点组织验收，服务对象代表参加。"
)
CRITERIA = (
    (
        "服务方案", "服务方案的完整性", "judgement", "35", "对需求的理解、服务流程、人员和时间安排。",
        (("流程齐全，人员和时间逐点写明，有应急预案", "35"), ("流程齐全，人员或者时间有一处不明确", "24"), ("缺少一部分服务流程，或者没有时间安排", "10")),
    ),
    (
        "团队", "持证专业人员", "objective", "20", "投入本项目的持证社会工作者人数。",
        (("5 名以上", "20"), ("3 至 4 名", "14"), ("1 至 2 名", "8")),
    ),
    (
        "质量保障", "质量控制与回访", "judgement", "20", "检查制度、回访比例和整改时限。",
        (("三级检查，每月回访不少于 20%", "20"), ("有检查和回访安排", "14")),
    ),
    (
        "质量保障", "响应时间", "objective", "10", "接到求助到人员到场的承诺时间。",
        (("20 分钟以内", "10"), ("40 分钟以内", "6")),
    ),
)  # fmt: skip
MILESTONES = (
    ("启动", "人员到位表、服务方案", "2026-10-14", "50"),
    ("结项", "结项报告、决算、满意度调查", "2026-11-27", "50"),
)


def the_years_list(stage: Stage) -> None:
    """An item is listed; the second officer signs in with a one-time code and publishes."""
    officer = stage.officer().go("/workspace/").picture("officer-home")
    officer.follow("年度清单").press("打开清单").follow("添加项目")
    officer.fill(name=TITLE, outline=OUTLINE, directory_code="A0402", amount="86万", planned_month="2026-07")
    officer.fill(plan_filing_number="沪财采备[2026]JA021")
    officer.page.get_by_label("预算项目").select_option(index=1)
    for case in officer.page.locator("[name=negative_list]").all():
        case.check()
    officer.picture("listed-item")
    officer.press("保存项目").sees(TITLE, "860,000.00").press("提交审核").sees("等待第二人审核").picture(
        "list-submitted"
    )
    approver = sign_in(stage.walker.newcomer("approver@jingan.example"), "approver@jingan.example")
    stage.work(approver, "审核 2026 年清单").press("发布").sees("清单已发布").picture("list-published")


def sign_in(person: Person, email: str) -> Person:
    """By the sign-in page, with password and one-time code."""
    person.go("/accounts/login/").picture("sign-in")
    person.fill(login=email, password=PASSWORD).press("登录").sees("两步验证").picture("second-factor")
    return person.fill(code=person.page.locator(".demo-note code").inner_text()).press("登录").sees("您已登录")


def the_intention(stage: Stage) -> None:
    officer = stage.work(stage.officer(), "提出采购意向公告").press("提出采购意向公告").sees("等待审核")
    approver = stage.work(stage.approver(), "意向公告").picture("intention-check")
    approver.press("发布公告").follow("公开页面").sees(TITLE, "2026 年 7 月").picture("intention-notice")
    stage.until(2026, 7, 16, 9)
    stage.work(officer, "发起招标").picture("list-with-next-steps")


def the_wizard(stage: Stage) -> None:
    """All thirteen pages, in their order. The wizard proposes three milestones; this service needs two."""
    officer = stage.officer().press("发起招标").sees("买什么？").picture("wizard-needs")
    officer.press("保存并继续：服务").fill(service_place="静安区三个街道（社区食堂和老人家中）", quality=QUALITY)
    officer.fill(service_from="2026-09-01", service_to="2026-11-27").picture("wizard-service")
    officer.press("保存并继续：依据").fill(negative_list_confirmed="on", public_consultation=CONSULTED)
    officer.picture("wizard-basis").press("保存并继续：分包和预算").picture("wizard-lots")
    officer.press("保存并继续：谁可以投")
    officer.row(0, text="具有食品经营许可，或者与持证的配餐单位有供餐协议", evidence="食品经营许可证或者供餐协议")
    officer.picture("wizard-eligibility").press("保存并继续：价格").picture("wizard-price").press("保存并继续：评分")
    for criterion in CRITERIA:
        add_criterion(officer, *criterion)
    officer.sees("100").picture("wizard-criteria").follow("继续：节点")
    for place, (name, deliverable, due_on, share) in enumerate(MILESTONES):
        officer.row(place, name=name, deliverable=deliverable, due_on=due_on, share=share)
    officer.row(len(MILESTONES), DELETE="on")
    officer.picture("wizard-milestones").press("保存并继续：时间").picture("wizard-timetable")
    officer.press("保存并继续：文件").picture("wizard-documents").press("保存并继续：保管人")
    for custodian in officer.page.locator("[name=keys]").all():
        custodian.check()
    officer.picture("wizard-custodians").press("保存并继续").picture("wizard-contacts")
    officer.press("保存并继续：检查并提交").sees("全部规则均符合").picture("wizard-check")
    officer.press("提交第二人审核").picture("tender-submitted")


def add_criterion(officer: Person, group: str, title: str, kind: str, points: str, about: str, ranges) -> None:  # type: ignore[no-untyped-def]
    officer.follow("添加评分项").fill(group=group, title=title, kind=kind, points=points, description=about)
    for place, (text, score) in enumerate(ranges):
        if place == 2:
            officer.press("保存并添加一行")
        officer.row(place, text=text, points=score)
    if title == "服务方案的完整性":
        officer.picture("wizard-criterion")
    officer.press("保存评分项")


def the_publication(stage: Stage) -> None:
    approver = stage.work(stage.approver(), TITLE).sees("与年度清单对照").picture("tender-check")
    approver.press("发布").picture("tender-published")
    stage.number = approver.number(r"SH-2026-\d{4}")
    work_off()
    visitor = stage.person("").go(f"/tenders/{stage.number}/").sees(TITLE, "封存").picture("tender-public")
    visitor.go("/notices/").sees(TITLE).picture("notices")


def the_question(stage: Stage) -> None:
    """One organization asks; the answer is told to all who took the documents, without its name."""
    for key in ("chenxi", "xinye", "anlan"):
        bidder = stage.bidder(key).go(f"/tenders/{stage.number}/").press("获取招标文件")
    bidder.picture("documents-taken").follow("提问")
    bidder.fill(text="送餐车辆是否必须为投标人自有？").press("发送问题").picture("question-asked")
    officer = stage.work(stage.officer(), "送餐车辆").fill(answer="不必须。租用的提供租赁合同即可，不影响评分。")
    officer.picture("question-answer").press("发布答复")
    stage.bidder("chenxi").go(f"/tenders/{stage.number}/").sees("租用的提供租赁合同即可").picture("question-answered")
