"""Indicators, total and grade of a third-party evaluation, and who may be the evaluator (R-PERF, R-VENT-16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, Level, allow, refuse
from marketplace.core.rules.time import WorkCalendar, add_working_days, day_of, end_of_day

HUNDRED = Decimal(100)

# Names are data of the institution, in its language. R-PERF-02: 财预〔2020〕10号;
# R-VENT-16: 社区公益服务项目绩效评估导则, whose first weight (25) was read, the others are ours.
FORMS: dict[str, tuple[tuple[str, int], ...]] = {
    "budget": (
        ("预算执行：资金到位、使用合规、进度相符", 10),
        ("产出数量：服务人数、服务次数完成情况", 20),
        ("产出质量：服务标准、专业性、记录完整", 20),
        ("产出时效：各节点按期完成", 10),
        ("社会效益：服务对象状况改善、问题解决", 20),
        ("可持续影响：机制、志愿者与社区资源的延续", 10),
        ("服务对象满意度", 10),
    ),
    "shanghai": (
        ("项目完成情况", 25),
        ("财务状况", 20),
        ("组织能力", 15),
        ("综合效能", 15),
        ("服务满意度", 15),
        ("人力资源", 10),
    ),
}


@dataclass(frozen=True)
class Thresholds:
    """Least points of each grade (R-PERF-01); below `fair` is 差."""

    excellent: Decimal = Decimal(90)
    good: Decimal = Decimal(80)
    fair: Decimal = Decimal(60)


MIN_FINDINGS = 50
MIN_ANSWER = 5


@dataclass(frozen=True)
class Indicator:
    name: str
    weight: Decimal
    score: Decimal | None = None
    evidence: str = ""


def check_weights(indicators: Sequence[Indicator]) -> Decision:
    """Points sum to 100, each above zero and named (R-PERF-02)."""
    if any(not indicator.name.strip() or indicator.weight <= 0 for indicator in indicators):
        return refuse(_("Each indicator needs a name and more than 0 points."), "R-PERF-02", field="indicators")
    total = sum((indicator.weight for indicator in indicators), Decimal(0))
    if total == HUNDRED:
        return allow("R-PERF-02")
    return refuse(
        _("The indicators sum to %(total)s points; they must sum to 100.") % {"total": f"{total.normalize():f}"},
        "R-PERF-02",
        field="indicators",
    )


def check_scores(indicators: Sequence[Indicator]) -> Decision:
    """Each indicator has a score between 0 and its points, with evidence (R-PERF-02)."""
    for indicator in indicators:
        if indicator.score is None:
            return refuse(_("«%(name)s» has no score yet.") % {"name": indicator.name}, "R-PERF-02", field="indicators")
        if not 0 <= indicator.score <= indicator.weight:
            return refuse(
                _("«%(name)s» is worth 0 to %(weight)s points.")
                % {"name": indicator.name, "weight": f"{indicator.weight.normalize():f}"},
                "R-PERF-02",
                field="indicators",
            )
        if not indicator.evidence.strip():
            return refuse(
                _("Write what «%(name)s» rests on.") % {"name": indicator.name}, "R-PERF-02", field="indicators"
            )
    return allow("R-PERF-02")


def total_score(indicators: Iterable[Indicator], *, is_misused: bool = False) -> Decimal:
    """Sum of the scores; misused money makes the whole score 0 (R-VENT-16)."""
    if is_misused:
        return Decimal("0.00")
    return sum((indicator.score or Decimal(0) for indicator in indicators), Decimal("0.00"))


def grade_of(total: Decimal, least: Thresholds = Thresholds()) -> str:  # noqa: B008 - frozen
    """优 from 90, 良 from 80, 中 from 60, else 差 (R-PERF-01). 89.99 is 良."""
    grades = ((least.excellent, "excellent"), (least.good, "good"), (least.fair, "medium"))
    return next((grade for points, grade in grades if total >= points), "poor")


def check_words(findings: str, sentence: str) -> list[Decision]:
    """The report explains itself, and gives the public its reason in one sentence."""
    decisions = []
    if len(findings.strip()) < MIN_FINDINGS:
        decisions.append(
            refuse(
                _("Describe the findings in at least %(count)d characters.") % {"count": MIN_FINDINGS},
                "R-PERF-02",
                field="findings",
            )
        )
    if not sentence.strip():
        decisions.append(
            refuse(
                _("Write the reason of the grade in one sentence for the public."), "R-PERF-01", field="reason_sentence"
            )
        )
    return decisions


def check_answer(answer: str, due: datetime | None, now: datetime) -> Decision:
    """An answer has words and comes in time."""
    if len(answer.strip()) < MIN_ANSWER:
        return refuse(
            _("Write your answer; «agreed» is one, too, with a word on each finding."), "R-PERF-03", field="answer"
        )
    if due is not None and now > due:
        return refuse(
            _("The time to answer ended on %(due)s.") % {"due": day_of(due).isoformat()},
            "R-PERF-03",
            due=due,
            field="answer",
        )
    return allow("R-PERF-03", due=due)


def check_reply(answer: str, reply: str) -> Decision:
    """Who was answered replies: taken up, or why not."""
    if not answer.strip() or reply.strip():
        return allow("R-PERF-03")
    return refuse(
        _("Reply to the organization's answer: what was taken up, and why not the rest."),
        "R-PERF-03",
        field="reply_to_answer",
    )


@dataclass(frozen=True)
class Ties:
    """What connects an evaluator with the parties of a contract, as far as the registers show."""

    is_party: bool
    is_evaluator: bool
    shared_people: tuple[str, ...] = ()
    shared_links: tuple[str, ...] = ()
    same_names: tuple[str, ...] = ()


def check_independence(ties: Ties) -> Decision:
    """The evaluator is independent of buyer and supplier (R-PERF-03; 财综〔2018〕42号).

    The same person on both sides refuses; the same name alone needs a written word why it is another person.
    """
    if not ties.is_evaluator:
        return refuse(_("Only a body from the register of evaluators can be assigned."), "R-PERF-03", field="evaluator")
    if ties.is_party:
        return refuse(
            _("A party of the contract cannot evaluate it. Choose another evaluator."), "R-PERF-03", field="evaluator"
        )
    if ties.shared_people or ties.shared_links:
        return refuse(
            _("This evaluator is not independent: %(names)s act on both sides. Choose another evaluator.")
            % {"names": "、".join((*ties.shared_people, *ties.shared_links))},
            "R-PERF-03",
            field="evaluator",
        )
    if ties.same_names:
        return refuse(
            _(
                "People of the same name stand on both sides: %(names)s. "
                "Write down why they are not the same, or choose another evaluator."
            )
            % {"names": "、".join(ties.same_names)},
            "R-PERF-03",
            level=Level.WARN,
            field="independence_note",
        )
    return allow("R-PERF-03")


def answer_due(drafted_at: datetime, working_days: int, calendar: WorkCalendar) -> datetime:
    """The organization answers a draft within 5 working days. 15 June 2026: until 23 June (the 19th is a holiday)."""
    return end_of_day(add_working_days(day_of(drafted_at), working_days, calendar))


def check_final(*, is_answered: bool, due: datetime, now: datetime) -> Decision:
    """The report becomes final after the answer, or when the time for it has passed."""
    if is_answered or now > due:
        return allow("R-PERF-03")
    return refuse(
        _("The organization may answer until %(due)s. The report becomes final after that.")
        % {"due": due.strftime("%Y-%m-%d %H:%M")},
        "R-PERF-03",
        due=due,
    )
