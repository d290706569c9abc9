"""The standard words of a contract, filled from tender and bid. Institution's own text, in its language.

An officer may reword them before signing; the rules check that none is empty (R-GPS-08).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from marketplace.procurement.models import Award, MilestonePlan
from marketplace.procurement.selectors.bids import answered_criteria

SETTLEMENT = (
    "合同总价为人民币{amount}元（含税，固定总价），按节点支付；每个节点经验收合格，乙方提供合法有效的发票后，"
    "甲方在10个工作日内支付，最长不超过30日。逾期支付的，按每日万分之五支付利息。{terms}"
)
RIGHTS = (
    "一、甲方有权检查服务的进度和质量，组织验收，公开合同、验收结果和绩效评价结果。\n"
    "二、甲方应当按约定提供必要的条件并按时支付；不得要求乙方承担合同以外的义务。\n"
    "三、乙方应当按照招标文件、投标文件和本合同提供服务，专款专用、单独核算，不得转包；未经甲方同意不得分包。\n"
    "四、乙方应当保护服务对象的隐私，按节点报告进度、服务人数和资金使用情况，配合监督检查、审计和第三方评估。{lottery}"
)
LOTTERY = (
    "\n五、项目使用福利彩票公益金，乙方应当在服务场所、设备和活动中醒目标注“彩票公益金资助-中国福利彩票”；"
    "不得用于因公出国（境）、公务接待、公务用车、行政事业单位基本支出、楼堂馆所和其他营利性支出。"
)
BREACH = (
    "一、一方违约的，应当承担继续履行、采取补救措施或者赔偿损失等责任。\n"
    "二、乙方逾期完成节点的，每逾期一日按该节点金额的万分之五支付违约金，累计不超过合同总价的百分之十。\n"
    "三、挪用资金的，乙方退还挪用的款项，甲方有权解除合同。\n"
    "四、履行中的争议由双方协商解决；协商不成的，向甲方所在地人民法院提起诉讼。"
)
PROMISES = "乙方在投标文件中作出以下承诺，构成合同内容："
SUBCONTRACTING = "\n投标文件载明的分包内容：{text}。分包须经甲方书面同意，乙方对全部服务承担责任，不得再次分包。"


def standard_texts(award: Award) -> dict[str, str]:
    """service, quantity, quality, settlement, rights, breach of a new contract."""
    lot, tender = award.lot, award.lot.tender
    terms = tender.payment_terms.strip()
    is_lottery = tender.item.budget_line.fund.is_lottery
    return {
        "service": needs(tender.needs.strip(), lot.needs.strip()),
        "quantity": "1 项",
        "quality": "\n\n".join(part for part in (tender.quality.strip(), promises(award)) if part),
        "settlement": SETTLEMENT.format(amount=f"{award.bid.price:,.2f}", terms=f"\n{terms}" if terms else ""),
        "rights": RIGHTS.format(lottery=LOTTERY if is_lottery else "") + subcontracting(award),
        "breach": BREACH,
    }


def needs(of_tender: str, of_lot: str) -> str:
    """The tender's words, then the lot's where they say more."""
    return of_tender if of_lot in of_tender else "\n\n".join(part for part in (of_tender, of_lot) if part)


def promises(award: Award) -> str:
    """What the winner promised on each criterion, part of the contract as it was scored (R-CON-01)."""
    given = (award.bid.contents or {}).get("technical", {})
    answers = [(row.title, given.get(str(row.pk), "").strip()) for row in answered_criteria(award.lot)]
    lines = [f"{title}：{text}" for title, text in answers if text]
    return "\n".join([PROMISES, *lines]) if lines else ""


def subcontracting(award: Award) -> str:
    """Work that the bid gives to others: only with the buyer's consent, the supplier stays liable (R-CON-08)."""
    text = (award.bid.contents or {}).get("related", {}).get("subcontracting", "").strip()
    return SUBCONTRACTING.format(text=text) if text else ""


def only_milestone(due_on: date) -> MilestonePlan:
    """For a tender that planned none: the whole service, accepted and paid at the end of the term. Not stored."""
    return MilestonePlan(
        position=1,
        name="服务完成",
        deliverable="服务总结报告和完整的服务档案",
        due_on=due_on,
        share=Decimal(100),
    )
