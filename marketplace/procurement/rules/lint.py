"""Words in conditions and criteria that the law bans or doubts. A finding names the words and the way out.

R-PLAN-08 (size figures) and R-ELIG-09 (ownership, legal form, location) block; R-PLAN-07 and R-GPS-12 warn:
they need eyes, and may be passed with a written reason that the second officer sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from marketplace.core.decisions import Decision, Level, allow, refuse

from .criteria import LeafFacts


@dataclass(frozen=True)
class Lint:
    rule_id: str
    level: Level
    pattern: re.Pattern[str]
    advice: object
    for_eligibility: bool = True
    for_criteria: bool = True


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


LINTS = (
    Lint(
        "R-PLAN-08",
        Level.BLOCK,
        _words(
            "注册资[本金]",
            "开办资[金本]",
            "资产总额",
            "净资产",
            "营业收入",
            "年收入",
            "从业人员(数|人数)",
            "员工总?人?数",
            "利润",
            "纳税额",
        ),
        _(
            "Size figures may be neither condition nor score; ask for what the service needs (people on site, equipment)."  # noqa: E501
        ),
    ),
    Lint(
        "R-ELIG-09",
        Level.BLOCK,
        _words(
            "(须|应|必须|仅限|只限|限于?)[^，。；]{0,8}(本市|本区|本地|本省|辖区)[^，。；]{0,6}(注册|登记|企业|机构|组织|单位)",
            "(本市|本区|本地|本省|辖区内?)(注册|登记)",
            "(国有|民营|外资|私营|集体)(企业|单位|控股)",
            "(仅限|只限|限)(社会团体|民办非企业单位|社会服务机构|基金会|企业|公司)",
            "(分公司|分支机构|办事处|常驻机构|固定办公场所)",
        ),
        _(
            "No filter by ownership, legal form or location; describe the ability instead (for example time to reach the site)."  # noqa: E501
        ),
    ),
    Lint(
        "R-PLAN-07",
        Level.WARN,
        _words(
            "(本市|本区|本省|本地|当地)[^，。；]{0,10}(业绩|获奖|奖项|表彰|荣誉|经验)",
            "(市|区|省)级[^，。；]{0,6}(奖项?|表彰|荣誉|先进)",
            "指定(品牌|产品|供应商)",
            "(品牌|专利|商标)[^，。；]{0,4}(为|：)",
            "与采购人[^，。；]{0,6}(合作|业绩)",
        ),
        _(
            "This looks like unequal treatment (regional or trade awards, named brands, earlier dealings with the buyer)."  # noqa: E501
        ),
    ),
    Lint(
        "R-GPS-12",
        Level.WARN,
        _words(
            "成立(满|时间|年限|不少于|超过|[一二三四五六七八九十\\d]+年)", "登记满", "(资金|资产|机构)规模", "注册满"
        ),
        _("Ability counts; age since founding, capital and size do not."),
        for_criteria=False,
    ),
)
QUALIFICATIONS = (
    "营业执照",
    "法人登记证书",
    "登记证书",
    "财务(状况)?报告",
    "审计报告",
    "缴?纳税(收|款)?(证明|凭证|记录)",
    "社会保险|社保",
    "重大违法记录",
    "信用中国",
    "资格条件",
)
SHORTEST_EVIDENCE = 3


def eligibility_findings(texts: Iterable[str]) -> list[Decision]:
    """Findings in the specific conditions."""
    return _findings(texts, [lint for lint in LINTS if lint.for_eligibility], "text")


def criteria_findings(leaves: Iterable[LeafFacts]) -> list[Decision]:
    """Findings in titles, descriptions and ranges of the criteria."""
    texts = [leaf.text for leaf in leaves if leaf.kind != "price"]
    return _findings(texts, [lint for lint in LINTS if lint.for_criteria], "title")


def eligibility_not_scored(evidence: Iterable[str], leaves: Iterable[LeafFacts]) -> list[Decision]:
    """R-EVAL-03: what decides whether one may bid is never scored as well."""
    asked = [re.escape(word.strip()) for word in evidence if len(word.strip()) >= SHORTEST_EVIDENCE]
    pattern = _words(*QUALIFICATIONS, *asked)
    found = []
    for leaf in leaves:
        hit = pattern.search(leaf.text) if leaf.kind != "price" else None
        if hit:
            words = _(
                "«%(title)s» scores «%(words)s», which is a condition of eligibility: take it out of the criteria."
            )
            found.append(refuse(words % {"title": leaf.title, "words": hit.group()}, "R-EVAL-03", field="title"))
    return found or [allow("R-EVAL-03", _("No condition of eligibility is scored."))]


def _findings(texts: Iterable[str], lints: list[Lint], field: str) -> list[Decision]:
    rows = list(texts)
    return [_answer(lint, rows, field) for lint in lints]


def _answer(lint: Lint, texts: list[str], field: str) -> Decision:
    hits = list(dict.fromkeys(hit.group() for text in texts for hit in lint.pattern.finditer(text)))
    if not hits:
        return allow(lint.rule_id, _("No doubtful words found."))
    words = _("«%(words)s»: %(advice)s")
    return refuse(
        words % {"words": "»，«".join(hits), "advice": lint.advice}, lint.rule_id, level=lint.level, field=field
    )
