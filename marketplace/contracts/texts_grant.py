"""The standard words of a grant agreement (资助协议), filled from call and application. Institution's own text.

R-VENT-08 to -11 and R-LOT-06 stand in it as clauses. An officer may reword them before signing.
"""

from __future__ import annotations

from decimal import Decimal

from marketplace.ventures.models import Application, BlockKind, Grant, TrancheStage
from marketplace.ventures.rules.form import from_json

from .texts import LOTTERY

QUALITY = "项目按申报书的目标、活动、产出和成效实施；以中期、末期自评报告和服务记录为准，经资助方审阅和验收。"
SETTLEMENT = (
    "资助金额为人民币{amount}元，由下列资金分别承担，不得混用：{pots}。\n"
    "资助款按进度分期拨付：{tranches}。首期款在协议签订后15个工作日内拨付；以后各期在相应评估通过后拨付。"
    "每期由各项资金按比例承担。项目结束后未使用的资金按各项资金已拨付的比例原渠道退回。"
)
RIGHTS = (
    "一、甲方有权检查项目进展和资金使用，公布协议、评估结果和变更，组织中期、末期评估和审计。\n"
    "二、乙方应当自行实施项目，单独核算、专款专用；任何单位不得提取管理费，不得转包、分包，不得改变用途。\n"
    "三、资助款不得用于建造房屋、缴纳罚款、偿还债务、对外投资和购置车辆，不得用于与项目无关的支出。\n"
    "四、同一项目不得重复申请其他财政资金；乙方应当保持申报资格，情况变化的，应当在10日内告知甲方。\n"
    "五、预算、期限、团队或者活动需要变更的，应当事先提出申请并说明理由；未经批准的调整不予认可。\n"
    "六、乙方应当保护服务对象的隐私；公布照片须经本人同意或者无法辨认。{lottery}"
)
LOTTERY_CLAUSE = LOTTERY.replace("五、", "七、")
BREACH = (
    "一、中期报告未按时提交的，视为中期评估未通过；未通过的，甲方公布名称，停止拨款，终止项目。\n"
    "二、虚报冒领、挪用资金或者有其他严重违约行为的，乙方退回资助款，三年内不得申报公益创投项目；"
    "决定作出前，甲方应当听取乙方意见。\n"
    "三、履行中的争议由双方协商解决；协商不成的，向甲方所在地人民法院提起诉讼。"
)
STAGES = {
    TrancheStage.AGREEMENT: ("协议签订", "协议经双方签署并公布"),
    TrancheStage.MIDTERM: ("中期评估", "中期自评报告、服务记录和资金使用明细"),
    TrancheStage.FINAL: ("末期评估", "总结报告、服务档案和项目资金决算"),
}


def agreement_texts(
    grant: Grant, pots: list[tuple[str, Decimal]], tranches: list[tuple[str, Decimal]], *, is_lottery: bool
) -> dict[str, str]:
    """service, quantity, quality, settlement, rights, breach of a new agreement."""
    application = grant.application
    return {
        "service": service_text(application),
        "quantity": "1 项",
        "quality": "\n".join([QUALITY, *logic_lines(application)]),
        "settlement": SETTLEMENT.format(
            amount=f"{grant.amount:,.2f}",
            pots="；".join(f"{name}{amount:,.2f}元" for name, amount in pots),
            tranches="；".join(
                f"{STAGES[TrancheStage(stage)][0]}后拨付{share.normalize():f}%" for stage, share in tranches
            ),
        ),
        "rights": RIGHTS.format(lottery=LOTTERY_CLAUSE if is_lottery else ""),
        "breach": BREACH,
    }


def service_text(application: Application) -> str:
    """The project in its own words; the application as handed in last is part of the agreement."""
    parts = [application.summary.strip() or application.title]
    version = application.versions.order_by("-number").first()
    if version is not None:
        parts.append(f"申报书（回执号{version.receipt_number}，SHA-256：{version.sha256}）是本协议的组成部分。")
    return "\n\n".join(parts)


def logic_lines(application: Application) -> list[str]:
    """The logic table row by row: goal, activity, output, outcome."""
    keys = [block.key for block in from_json(application.form.blocks) if block.kind == BlockKind.LOGIC]
    rows: dict[tuple[str, int], list[str]] = {}
    for cell in application.cells.filter(block__in=keys):
        if cell.text.strip():
            rows.setdefault((cell.block, cell.row), []).append(cell.text.strip())
    return [" → ".join(cells) for cells in rows.values()]
