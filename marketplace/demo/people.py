"""The people of the demo world: who they are, what to try, and their codes. Exists in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.accounts.roles import SECOND_FACTOR_ROLES, BodyKind, Role

PASSWORD = "yizhao-demo-2026"
CUSTODIAN_PASSPHRASES = {
    "custodian1@finance.example": "demo harbour lantern seven",
    "custodian2@audit.example": "demo bamboo ledger nine",
    "custodian3@federation.example": "demo willow bridge four",
}


@dataclass(frozen=True)
class DemoBody:
    key: str
    kind: str
    name: str
    region: str
    contact: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """`signs`: signs papers, so has a second factor even where the roles demand none."""

    email: str
    name: str
    body: str
    roles: tuple[str, ...]
    what_to_try: str = ""
    signs: bool = False


BODIES = (
    DemoBody("jingan", BodyKind.GOVERNMENT, "静安区民政局", "310106", "梁经办"),
    DemoBody("yangpu", BodyKind.GOVERNMENT, "杨浦区民政局", "310110", "金经办"),
    DemoBody("pudong", BodyKind.GOVERNMENT, "浦东新区民政局", "310115", "郝经办"),
    DemoBody("shanghai", BodyKind.GOVERNMENT, "上海市民政局", "310000", "方经办"),
    DemoBody("federation", BodyKind.AGENCY, "晨光社会组织联合会（演示）", "310106", "许代理"),
    DemoBody("finance-bureau", BodyKind.SUPERVISOR, "静安区财政局", "310106", "邵监督"),
    DemoBody("register", BodyKind.EXPERT_REGISTER, "公益服务评审专家库（演示）", "310000", "专家库"),
    DemoBody("mingde", BodyKind.EVALUATOR, "明德社会服务评估中心（演示）", "310106", "沈评估"),
    DemoBody("zhengda", BodyKind.AUDITOR, "正达会计师事务所（演示）", "310106", "袁审计"),
    DemoBody("operator", BodyKind.OPERATOR, "益招运营中心（演示）", "310000", "运营"),
    DemoBody("chenxi", BodyKind.ORGANIZATION, "晨曦社区服务中心（演示）", "310106", "林晓晨"),
    DemoBody("xinye", BodyKind.ORGANIZATION, "新叶助残服务社（演示）", "310110", "叶青"),
    DemoBody("tongxing", BodyKind.ORGANIZATION, "同行青少年事务所（演示）", "310106", "童心"),
    DemoBody("nuanyang", BodyKind.ORGANIZATION, "暖阳为老服务社（演示）", "310115", "杨暖"),
    DemoBody("anlan", BodyKind.ORGANIZATION, "安澜社会工作服务中心（演示）", "310106", "安澜"),
    DemoBody("sponsor", BodyKind.SPONSOR, "演示企业有限公司（演示）", "310106", "贺善"),
)

PEOPLE = (
    DemoPerson("officer@jingan.example", "梁文", "jingan", (Role.OFFICER,), "发起采购、做资格审查、拟合同"),
    DemoPerson("approver@jingan.example", "周衡", "jingan", (Role.APPROVER,), "复核并发布公告、定标、签合同、审批拨付"),
    DemoPerson("finance@jingan.example", "钱正", "jingan", (Role.FINANCE,), "第二次审批并登记拨付"),
    DemoPerson("member@jingan.example", "何代表", "jingan", (Role.OFFICER,), "作为采购人代表参加评审", signs=True),
    DemoPerson("officer@yangpu.example", "金桦", "yangpu", (Role.OFFICER,), "杨浦区的经办"),
    DemoPerson("approver@yangpu.example", "陆审", "yangpu", (Role.APPROVER,), "杨浦区的审批人"),
    DemoPerson("finance@yangpu.example", "柳正", "yangpu", (Role.FINANCE,), "杨浦区的财务"),
    DemoPerson("member@yangpu.example", "程代表", "yangpu", (Role.OFFICER,), "作为采购人代表参加评审", signs=True),
    DemoPerson("officer@pudong.example", "郝计", "pudong", (Role.OFFICER,), "正在编制年度清单"),
    DemoPerson("agent@federation.example", "许言", "federation", (Role.OFFICER,), "受委托办理采购程序"),
    DemoPerson("chenxi@org.example", "林晓晨", "chenxi", (Role.ORG_ADMIN, Role.BIDDER, Role.REPORTER), "领取文件、投标、签合同、交报告"),
    DemoPerson("xinye@org.example", "叶青", "xinye", (Role.ORG_ADMIN, Role.BIDDER, Role.REPORTER), "另一家投标人"),
    DemoPerson("tongxing@org.example", "童心", "tongxing", (Role.ORG_ADMIN, Role.BIDDER, Role.REPORTER), "第三家投标人"),
    DemoPerson("nuanyang@org.example", "杨暖", "nuanyang", (Role.ORG_ADMIN, Role.BIDDER, Role.REPORTER), "提出质疑的投标人"),
    DemoPerson("anlan@org.example", "安澜", "anlan", (Role.ORG_ADMIN, Role.BIDDER, Role.REPORTER), "投标人"),
    DemoPerson("custodian1@finance.example", "邵钥", "finance-bureau", (Role.CUSTODIAN,), "开标时交出密钥份额"),
    DemoPerson("custodian2@audit.example", "袁钥", "zhengda", (Role.CUSTODIAN,), "开标时交出密钥份额"),
    DemoPerson("custodian3@federation.example", "许钥", "federation", (Role.CUSTODIAN,), "开标时交出密钥份额"),
    DemoPerson("evaluator@mingde.example", "沈评", "mingde", (Role.EVALUATOR, Role.ORG_ADMIN), "第三方评估"),
    DemoPerson("supervisor@finance.example", "邵明", "finance-bureau", (Role.SUPERVISOR,), "监督、暂停采购"),
    DemoPerson("auditor@zhengda.example", "袁审", "zhengda", (Role.AUDITOR,), "查看并记录审计发现"),
    DemoPerson("operator@yizhao.example", "齐运", "operator", (Role.OPERATOR,), "准入单位、任命保管人、录入日历"),
    DemoPerson("sponsor@company.example", "贺善", "sponsor", (Role.ORG_ADMIN,), "签资助协议、缴款、看资金去向", signs=True),
    *(
        DemoPerson(f"expert{n}@register.example", f"专家{name}", "register", (Role.EXPERT,), "接受邀请、回避声明、独立打分")
        for n, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑", start=1)
    ),
)  # fmt: skip


def needs_code(person: DemoPerson) -> bool:
    """Whether the person has a second factor: demanded by a role, or needed to sign."""
    return person.signs or not (SECOND_FACTOR_ROLES | {Role.EXPERT, Role.ORG_ADMIN}).isdisjoint(person.roles)
