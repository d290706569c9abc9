"""Chinese standard passages that fill a new draft; the officer rewrites them. Content, not interface words.

Each passage carries out rules: R-GPS-08 (contract content), R-CON-08 (no handing on), R-CON-14 (acceptance),
R-LOT-06 (sign of the lottery fund), R-CON-09 (payment), R-TENDER-10 (joint bids), R-BID-01 (bonds).
"""

# ruff: noqa: E501
from __future__ import annotations

from marketplace.funds.models import FundKind
from marketplace.planning.models import ListedItem

CONTRACT = """一、服务内容、期限、数量和质量，以招标文件的采购需求和中标人的投标文件为准，不得另行订立背离实质性内容的协议。
二、合同价款为中标价，包含履行合同的全部费用；除依法签订的补充合同外不作调整，补充合同累计不超过原合同价款的百分之十。
三、甲方（采购人）按节点组织验收，公共服务项目邀请服务对象参与，验收结果公开；验收合格后按约定支付。
四、乙方（中标人）对服务质量和服务对象的安全负责，保护服务对象的个人信息；未经甲方书面同意不得分包，不得转包。
五、乙方单独核算项目经费，专款专用，接受审计和第三方绩效评估，按约定提交进度报告和结项报告。
六、任何一方违约的，按实际损失承担违约责任；乙方擅自变更服务内容或者挪用经费的，甲方有权中止支付并要求退回。
七、争议由双方协商解决；协商不成的，向采购人所在地人民法院提起诉讼。"""
LOTTERY = """
八、本项目由彩票公益金资助。乙方应在服务场所、设备、活动和宣传材料上以显著方式标明“彩票公益金资助-中国福利彩票”，并在每期报告中附照片。"""
JOINT = "不接受联合体投标"
NO_BOND = "本项目不收取投标保证金。"
PAYMENT = "按付款节点分期支付：每一节点验收合格并收到合法票据之日起 30 日内，支付至中标人投标时登记的单位账户。"


def contract_terms_for(item: ListedItem) -> str:
    return CONTRACT + (LOTTERY if item.budget_line.fund.kind == FundKind.LOTTERY else "")
