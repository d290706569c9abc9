# ruff: noqa: E501, RUF001
"""The portal's first pages, in both languages: editors change them afterwards in the editors' interface."""

from __future__ import annotations

from typing import Any


def steps(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"type": "steps", "value": [{"title": title, "text": f"<p>{text}</p>"} for title, text in pairs]}


def text(value: str) -> dict[str, Any]:
    return {"type": "text", "value": f"<p>{value}</p>"}


def heading(value: str) -> dict[str, Any]:
    return {"type": "heading", "value": value}


def note(title: str, value: str) -> dict[str, Any]:
    return {"type": "note", "value": {"title": title, "text": value}}


def rule(rule_id: str, value: str) -> dict[str, Any]:
    return {"type": "rule", "value": {"text": value, "rule_id": rule_id}}


HOME = {
    "zh-hans": {
        "title": "益招",
        "headline": "公家的钱，买了什么服务，办得好不好",
        "lede": "政府购买社会组织服务的公告、投标、评审、拨付和评估，全程公开，人人可核验。",
    },
    "en": {
        "title": "Yizhao",
        "headline": "Public money: what it bought, and how well it was done",
        "lede": "Notices, bids, reviews, payments and evaluations of services that government buys from social "
        "organizations: open from end to end, and for anyone to verify.",
    },
}

NOTICES = {
    "zh-hans": {"title": "公告", "lede": "采购意向、招标、更正、结果、合同、验收和评估：一经发布，不再改动。"},
    "en": {
        "title": "Notices",
        "lede": "Intentions, tenders, corrections, results, contracts, acceptances, evaluations: once published, "
        "never changed.",
    },
}

STORIES = {
    "zh-hans": {"title": "项目故事", "lede": "受资助的项目做了什么，改变了谁的生活；照片来自已公布的绩效报告。"},
    "en": {
        "title": "Stories of projects",
        "lede": "What funded projects did and whose lives they changed; the photos come from published reports.",
    },
}

SECTIONS = {
    "guide": {
        "zh-hans": {"title": "使用指南", "lede": "每个身份一页，从第一步写到最后一步。"},
        "en": {"title": "Guide", "lede": "One page for each role, from the first step to the last."},
    },
    "about": {
        "zh-hans": {"title": "关于本站", "lede": "数字从哪里来，怎样使用，怎样保护您的信息。"},
        "en": {"title": "About", "lede": "Where the figures come from, how to use them, how your data are kept."},
    },
}

GUIDES: list[dict[str, Any]] = [
    {
        "section": "guide",
        "slug": "first-bid",
        "on_home": True,
        "zh-hans": {
            "title": "怎样投第一个标",
            "audience": "社会组织",
            "lede": "有已确认的邮箱和有效的统一社会信用代码，当天就可以领取文件、提问、投标。",
            "body": [
                steps(
                    ("登记机构", "用邮箱注册并确认，填入统一社会信用代码。登记管理机关的核验标记可以省去以后重复交证明，但不是投标的门槛。"),
                    ("找到合适的招标", "在公告页按地区、种类和年份筛选；打开招标公告，看「买什么」「谁可以投」「怎样评」。"),
                    ("领取文件，提出问题", "登录后免费下载招标文件。有不明白的地方在网上提问，答复发给所有领取人；谁领取了文件不公开。"),
                    ("备齐材料", "资格证明可从机构档案里选用；技术部分按评分点逐项作答，需要评分的文件用 PDF。"),
                    ("检查并封存", "提交前系统会列出还缺什么。确认后，投标被加密封存，您得到一张回执，上面有哈希值和公开日志的签名根。"),
                    ("截止前可以替换或撤回", "截止以服务器时间为准，精确到秒。封存之后，单凭数据库、备份或任何一位保管人都打不开。"),
                    ("开标和结果", "开标后核对唱标价格，30 分钟内可以提出异议。结果公布时，您会收到自己的得分、名次和理由。"),
                ),
                rule("R-ELIG-02", "资格证明共五类，缺哪一类，封存前的检查都会指出。"),
                note("小机构也一样", "不限注册地、规模和成立年限；招标文件不得设置与服务无关的门槛。发现不合理的条件，可以对采购文件提出质疑。"),
            ],
        },
        "en": {
            "title": "How to make a first bid",
            "audience": "Social organizations",
            "lede": "With a confirmed e-mail address and a valid credit code you can take documents, ask and bid today.",
            "body": [
                steps(
                    ("Register the organization", "Sign up, confirm the address, enter the credit code. The registrar's mark spares evidence later; it is never a gate to bidding."),
                    ("Find a fitting tender", "Filter the notices by region, kind and year; read what is bought, who may bid and how bids are scored."),
                    ("Take the documents, ask questions", "Downloads are free after signing in. Answers go to everybody who took the documents; who took them stays secret."),
                    ("Put the material together", "Choose evidence from the organization's file; answer criterion by criterion. What is scored is PDF."),
                    ("Check and seal", "The page lists what is missing. Then the bid is encrypted and sealed, and you get a receipt with its hash and a signed head of the public log."),
                    ("Replace or withdraw until the deadline", "The server's clock counts, to the second. Once sealed, neither the database nor a backup nor a single custodian can open it."),
                    ("Opening and result", "Check the price read out within 30 minutes. With the result you receive your own score, rank and the reason."),
                ),
                rule("R-ELIG-02", "There are five kinds of evidence; the check before sealing names the one that is missing."),
            ],
        },
    },
    {
        "section": "guide",
        "slug": "buy-a-service",
        "on_home": True,
        "zh-hans": {
            "title": "从需求到评估的十二步",
            "audience": "采购单位",
            "lede": "每一步由谁办、什么时候到期、依据哪一条，都写在工作台上。",
            "body": [
                steps(
                    ("列入年度清单", "写明内容、预算和预计时间，对应已批复的预算。"),
                    ("发布采购意向", "不晚于采购活动开始前三十日公开。"),
                    ("编制招标", "需求、采购包、资格条件、评分标准和时间表一步步填，旁边的检查单说明哪些条款已满足。"),
                    ("第二人复核发布", "编制和发布由两个人办理。发布后内容冻结，更正须另发公告。"),
                    ("答疑和更正", "可能影响投标的更正，系统会算出是否要顺延截止时间。"),
                    ("截止和开标", "截止后由保管人共同开标；不足三家的，封存件不打开。"),
                    ("资格审查", "逐家核对证明、查询信用记录并留存。"),
                    ("抽取委员会、评审", "评审专家随机抽取，种子来自公开日志；各人独立打分。"),
                    ("确认结果", "五个工作日内按顺序确认；中标、落标和得分分别告知。"),
                    ("合同", "质疑期满后签订；签订后两个工作日内公告。"),
                    ("验收和拨付", "逐个节点验收；付款先自动比对，再经两人审批。"),
                    ("第三方评估", "打分、征求机构意见、公布等级和一句话理由。"),
                ),
                rule("R-PLAN-03", "采购意向公开时间原则上不得晚于采购活动开始前三十日。"),
                rule("R-AWARD-02", "收到评审报告之日起五个工作日内，在候选人中按顺序确定中标人。"),
            ],
        },
        "en": {
            "title": "Twelve steps from need to evaluation",
            "audience": "Buyers",
            "lede": "Who does each step, by when and by which article stands in the workspace.",
            "body": [
                steps(
                    ("The year's list", "Say what is to be bought, for how much and when, against an approved budget."),
                    ("The intention", "Published no later than thirty days before the procedure begins."),
                    ("The tender", "Needs, lots, conditions, criteria and timetable step by step; the check list beside it says which rules hold."),
                    ("Publication by a second officer", "Two people prepare and publish. The content is frozen; corrections are notices of their own."),
                    ("Questions and corrections", "Whether a correction moves the deadline is computed."),
                    ("Closing and opening", "Custodians open together; with fewer than three bids the envelopes stay closed."),
                    ("Eligibility", "Evidence and credit records are checked one by one and kept."),
                    ("Committee and review", "Experts are drawn by lot with a seed from the public log; each scores alone."),
                    ("Award", "Confirmed in order within five working days; everybody is told the own score and reason."),
                    ("Contract", "Signed after the objection window, published within two working days."),
                    ("Acceptance and payment", "Milestone by milestone; an automatic comparison, then two approvals."),
                    ("Third-party evaluation", "A score, the organization's answer, a grade and one sentence why."),
                ),
                rule("R-PLAN-03", "The intention is published no later than thirty days before the procedure begins."),
                rule("R-AWARD-02", "The winner is confirmed in order within five working days after the report."),
            ],
        },
    },
    {
        "section": "guide",
        "slug": "review",
        "on_home": True,
        "zh-hans": {
            "title": "一小时上手评审",
            "audience": "评审专家",
            "lede": "从接受邀请到签署报告，只看本组的投标，只打自己的分。",
            "body": [
                steps(
                    ("回应邀请", "邮件里说明时间和领域；不能参加请说明理由，系统按抽取顺序递补。"),
                    ("声明回避", "与投标人有利害关系的必须回避；有疑问先声明再说明。"),
                    ("打分", "每份投标一屏：左边是评分点和分档，右边是文件。每个分档对应一个分值，不能取中间数。"),
                    ("提交", "全部评分点填完才能提交；提交前看不到他人的分数。"),
                    ("签署报告", "汇总后签署；不同意见写进报告，不签且不说明的视为同意。"),
                ),
                rule("R-EVAL-03", "评分标准的分值应当与量化的分档相对应。"),
                note("名字怎样公开", "结果公告公布专家名单；各人的分数以「成员 1……n」公布，次序另行随机排列，与名单不对应。"),
            ],
        },
        "en": {
            "title": "Reviewing, in an hour",
            "audience": "Expert reviewers",
            "lede": "From the invitation to the signed report: only the bids of your own panel, only your own scores.",
            "body": [
                steps(
                    ("Answer the invitation", "Say why if you cannot come; the next in the drawn order takes the seat."),
                    ("Declare conflicts", "Whoever has an interest in a bidder steps back; declare first where in doubt."),
                    ("Score", "One screen per bid: criteria and ranges beside the documents. One range, one score; nothing in between."),
                    ("Hand in", "Possible when every criterion is filled in; other people's scores are not shown before."),
                    ("Sign the report", "A dissenting opinion goes into the report; not signing without saying why counts as consent."),
                ),
                rule("R-EVAL-03", "Each score belongs to a quantified range."),
            ],
        },
    },
    {
        "section": "guide",
        "slug": "read-a-score-table",
        "on_home": True,
        "zh-hans": {
            "title": "怎样看懂一份评分表",
            "audience": "居民、记者、研究者",
            "lede": "每个项目的公开页都有评分表，您可以在自己的电脑上重新计算。",
            "body": [
                heading("表里有什么"),
                text("每一行是一位投标人：中标人写名称，其余写「投标人 B、C……」。每一列是一个评分点，表头的数字是满分，格里的数字是评委的平均分。「报价」是开标时当众读出的价格。"),
                heading("名次怎样得出"),
                text("价格分＝最低有效报价 ÷ 该投标人报价 × 价格分值。各评分点平均分加价格分即总分，按招标文件写明的位数四舍五入；总分高者在前，总分相同的报价低者在前。"),
                heading("怎样核验"),
                steps(
                    ("下载评审数据", "在项目页点「评审数据（JSON）」，里面是每位成员的分数、报价和规则。"),
                    ("重新计算", "用随数据提供的小程序，或自己用表格软件计算，应当得到同样的总分和名次。"),
                    ("对照公开日志", "公告的哈希值写在日志里；任何人留有一张回执或一份公告，都能证明日志没有被改写。"),
                ),
            ],
        },
        "en": {
            "title": "How to read a table of scores",
            "audience": "Residents, journalists, researchers",
            "lede": "Each project's page has its table of scores; you can compute it again on your own machine.",
            "body": [
                heading("What stands in it"),
                text("Each row is a bidder: the winner by name, the others as bidder B, C … Each column is a criterion with its full points in the heading; the cells are the members' means. The price is what was read out at the opening."),
                heading("How the ranks come about"),
                text("Price points = lowest valid price ÷ this bidder's price × points for the price. Means plus price points make the total, rounded half up to the places that the documents state; ties go to the lower price."),
                heading("How to verify"),
                steps(
                    ("Take the data", "«Review data (JSON)» on the project's page holds every member's scores, the prices and the rules."),
                    ("Compute again", "With the small program beside the data, or in a spreadsheet: the same totals and ranks must come out."),
                    ("Compare with the public log", "The hash of each notice stands in the log; whoever keeps one receipt can prove that the log was not rewritten."),
                ),
            ],
        },
    },
    {
        "section": "about",
        "slug": "accessibility",
        "on_home": False,
        "zh-hans": {
            "title": "无障碍",
            "audience": "",
            "lede": "本站按 WCAG 2.2 AA 设计：键盘可以办完每一步，读屏软件能读到每一项。",
            "body": [
                text("页面不依赖颜色传达信息；表单的错误写成文字，并链接到对应的一项；表格有表头，图形旁边有同样数字的表格；不用脚本也能办理。"),
                text("生成的 PDF 为带标签的 PDF/UA 文件，有标题、语言和表头。"),
                note("遇到障碍", "请致电公告所列的项目联系人，或向本单位管理员说明；截止时间临近时，请同时书面留痕。"),
            ],
        },
        "en": {
            "title": "Accessibility",
            "audience": "",
            "lede": "Made to WCAG 2.2 AA: every step can be done with a keyboard, every item is read by a screen reader.",
            "body": [
                text("Nothing is said by colour alone; errors are written out and link to their field; tables have headings, pictures have a table with the same figures; everything works without scripts."),
                text("Generated PDFs are tagged (PDF/UA), with title, language and table headers."),
            ],
        },
    },
    {
        "section": "about",
        "slug": "privacy",
        "on_home": False,
        "zh-hans": {
            "title": "隐私",
            "audience": "",
            "lede": "公开的是公家的钱和事，不是个人的信息。",
            "body": [
                text("公告和公开日志不含身份证号、住址、电话等个人信息；日志里的办理人只用化名编号，依法需要删除的内容可以抹去而不破坏证明。"),
                text("登录用的 Cookie 只用来认出您；不设统计和广告 Cookie，页面不向其他网站发送任何请求。"),
                text("评审专家的名单依法随结果公布；服务对象的照片须经本人同意才能公开。"),
                rule("R-PUB-02", "公开前删去涉密内容和个人信息。"),
            ],
        },
        "en": {
            "title": "Privacy",
            "audience": "",
            "lede": "Public money and public business are open; people's data are not.",
            "body": [
                text("Notices and the public log hold no identity numbers, home addresses or phone numbers; the log knows people by pseudonyms, and what must be erased can be erased without breaking a proof."),
                text("Cookies only keep you signed in; there are none for statistics or advertising, and pages ask nothing of other sites."),
                rule("R-PUB-02", "Secrets and personal data are cut before publication."),
            ],
        },
    },
]  # fmt: skip
