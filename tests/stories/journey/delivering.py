"""From the contract to the face: two signatures, reports with photos, two approvals, payment, evaluation."""

from __future__ import annotations

from tests.support.papers import pdf, picture
from tests.support.walker import Person
from tests.support.worker import work_off

from .stage import TITLE, Stage

FINDINGS = (
    "项目按合同执行，服务人数和服务量达到计划，服务记录完整；财务单独核算，票据齐全。"
    "抽查服务档案四十份、电话回访服务对象六十名，满意度高于目标；周末陪伴的频次略低于计划，已列出整改时间。"
)
SENTENCE = "目标人数完成 101%，午餐准时率 98%"


def the_contract(stage: Stage) -> None:
    """Drafted after the objection window; each side reads it and signs with a fresh code."""
    stage.until(2026, 8, 20)
    officer = stage.work(stage.officer(), "起草合同").picture("contract-to-draft").press("起草合同", exact=False)
    officer.picture("contract-draft").press("提交双方签署")
    work_off()
    for person in (stage.approver(), stage.bidder("chenxi")):
        stage.work(person, "签署合同")
        person.fill(has_read="on", code=person.page.locator(".demo-note code").inner_text())
        person.picture("contract-sign").press("确认签署")
    person.picture("contract-signed")
    stage.work(stage.approver(), "公告合同").press("发布").picture("contract-published")
    work_off()
    stage.work(officer, "备案").picture("contract-filing")
    officer.fill(filing_number="静财采合备[2026]0042").press("登记")


def first_milestone(stage: Stage) -> None:
    stage.until(2026, 10, 12)
    report(stage, 1, served="258", name="启动")
    accept(stage, "启动")
    pay(stage, "启动", "31000420")


def last_milestone(stage: Stage) -> None:
    stage.until(2026, 11, 25)
    report(stage, 2, served="263", name="结项")
    accept(stage, "结项")
    pay(stage, "结项", "31000421")


def report(stage: Stage, number: int, *, served: str, name: str) -> None:
    """From a phone: figures, people, money, a photo with the lottery's sign."""
    reporter = stage.work(stage.bidder("chenxi"), name)
    reporter.fill(
        summary=f"{name}阶段按计划完成：每日午餐十一点半前送到，陪伴员按周排班，每位老人建立档案，服务记录逐次签字。",
        people_planned="260",
        people_served=served,
        difficulties="高温期间上门时间有调整，已提前通知老人和家属。",
    )
    reporter.fill(**{"f-0-name": "送餐份数", "f-0-unit": "份", "f-0-planned": "7800"})
    reporter.fill(**{"f-0-actual": "7910", "s-0-name": "餐食和配送", "s-0-amount": "265,000.00"})
    reporter.attach("[type=file]", picture(stage.papers, f"服务站点-{number}"))
    reporter.fill(**{"p-caption": "服务站点与资助标牌", "p-shows_sign": "on"}).press("添加照片")
    reporter.fill(has_consent="on").picture(f"report-{number}").press("保存并提交").picture(
        f"report-{number}-submitted"
    )


def accept(stage: Stage, name: str) -> None:
    officer = stage.work(stage.officer(), name).picture(f"milestone-to-accept-{name}").follow("验收")
    officer.fill(
        opinion="服务内容与合同一致，数量和质量达到要求，同意验收。",
        members="梁文、街道民政干部一名",
        users="服务对象代表两名",
    )
    officer.picture(f"acceptance-{name}").press("验收并公告")
    work_off()


def pay(stage: Stage, name: str, invoice: str) -> None:
    """The organization asks, the system compares, two people approve, finance records the bank's reference."""
    bidder = stage.work(stage.bidder("chenxi"), name)
    bidder.fill(invoice_number=invoice).attach("[name=invoice]", pdf(stage.papers, f"发票{invoice}", "晨曦", pages=1))
    bidder.picture(f"payment-request-{name}").press("比对并提交").picture(f"payment-requested-{name}")
    approver = stage.work(stage.approver(), name).picture(f"payment-first-approval-{name}")
    approver.press("批准", exact=False)
    finance = stage.work(stage.finance(), name).picture(f"payment-second-approval-{name}")
    finance.press("批准", exact=False).follow("登记支付")
    finance.fill(bank_reference=f"YH2026{invoice}", paid_on=stage.clock.now.date().isoformat())
    finance.press("登记为已支付").picture(f"paid-{name}")


def the_evaluation(stage: Stage) -> None:
    """A third party without ties scores; the organization answers; the grade becomes a face."""
    stage.until(2026, 11, 30)
    officer = stage.officer().go("/workspace/contracts/").follow(TITLE, exact=False).follow("委托评估")
    officer.page.locator("[name=evaluator]").select_option(index=1)
    officer.picture("evaluation-assign").press("委托")
    evaluator = stage.work(stage.person("evaluator@mingde.example"), TITLE).picture("evaluation-invitation")
    evaluator.press("声明无利益冲突").follow("评分和撰写")
    score(evaluator)
    evaluator.press("将初稿送机构")
    work_off()
    organization = stage.work(stage.bidder("chenxi"), "评估").picture("evaluation-draft").follow("答复初稿")
    organization.fill(answer="同意评估意见，周末陪伴将于明年一月前补齐。").picture("evaluation-answer").press(
        "提交答复"
    )
    stage.until(2026, 12, 7)
    stage.work(evaluator, TITLE).follow("评分和撰写").fill(reply_to_answer="已核对补充材料，维持结论并记录整改时间。")
    evaluator.press("保存").press("定稿并公开").picture("evaluation-final")
    work_off()


def score(evaluator: Person) -> None:
    for place, row in enumerate(
        evaluator.page.locator("fieldset.group").filter(has=evaluator.page.locator(".score-row")).all()
    ):
        whole = row.locator("input[type=number]")
        most = evaluator.number_in(row.locator("legend"))
        whole.fill(str(most - 1 if place == 0 else most))
        row.locator("textarea").fill("查阅服务档案和票据，电话回访服务对象六十名")
    evaluator.fill(findings=FINDINGS, reason_sentence=SENTENCE).picture("evaluation-scores").press("保存")


def what_everybody_sees(stage: Stage) -> None:
    visitor = stage.person("").go("/projects/").sees(TITLE).picture("projects").follow(TITLE, exact=False)
    visitor.sees("晨曦社区服务中心", SENTENCE).picture("project")
    visitor.follow("晨曦社区服务中心（演示）").sees("笑脸").picture("organization-with-face")
    visitor.go("/funds/").picture("funds")
    visitor.go("/").picture("home")
    visitor.go("/log/").picture("log")
