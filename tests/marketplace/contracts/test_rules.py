"""Pure rules of contracts, reports, payments and evaluations: values in, answers out, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts.rules import contract, disbursement, evaluation, privacy, report
from marketplace.core.clock import ZONE
from marketplace.core.decisions import Level
from marketplace.core.workcalendar import seeded_calendar
from marketplace.funds.rules.purposes import banned_spending, check_purpose, check_spending

CALENDAR = seeded_calendar()


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


def last_second(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 23, 59, 59, tzinfo=ZONE)


# contract: R-CON-01, -02, -03, -13, R-GPS-08, R-PLAN-01, R-TIME-06


@pytest.mark.parametrize(
    ("letter", "due"),
    [
        (at(2026, 6, 10), last_second(2026, 7, 10)),
        (at(2026, 6, 11), last_second(2026, 7, 13)),  # 11 July is a Saturday
        (at(2026, 9, 2, 23), last_second(2026, 10, 8)),  # 2 October lies in the National Day holiday
    ],
)
def test_sign_within_thirty_days_rolled(letter: datetime, due: datetime) -> None:
    """R-CON-01, R-TIME-02."""
    assert contract.sign_due(letter, 30, CALENDAR) == due


def test_days_under_hold_do_not_run_and_count_once() -> None:
    """R-AWARD-10."""
    first = (at(2026, 6, 1), at(2026, 6, 11))
    overlapping = (at(2026, 6, 9), at(2026, 6, 13, 18))
    assert contract.paused_days([]) == 0
    assert contract.paused_days([first]) == 10
    assert contract.paused_days([first, overlapping]) == 12


def test_publish_and_file_in_working_days() -> None:
    """R-CON-02, R-CON-03: 19 June 2026 is the Dragon Boat holiday."""
    assert contract.due_after_working_days(at(2026, 6, 18), 2, CALENDAR) == last_second(2026, 6, 23)
    assert contract.due_after_working_days(at(2026, 6, 15), 7, CALENDAR) == last_second(2026, 6, 25)


def test_price_is_the_awards_and_within_the_budget() -> None:
    """R-CON-01, R-PLAN-01."""
    assert contract.check_amount(Decimal("486000"), Decimal("486000"), Decimal("486000"))
    other = contract.check_amount(Decimal("486001"), Decimal("486000"), Decimal("500000"))
    assert (other.rule_id, other.blocks, other.field) == ("R-CON-01", True, "amount")
    above = contract.check_amount(Decimal("500000.01"), Decimal("500000.01"), Decimal("500000"))
    assert (above.rule_id, above.blocks) == ("R-PLAN-01", True)


@pytest.mark.parametrize(
    ("begin", "last"),
    [
        (date(2026, 7, 1), date(2029, 6, 30)),
        (date(2026, 1, 1), date(2028, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_term_of_three_years_at_most(begin: date, last: date) -> None:
    """R-CON-13."""
    assert contract.check_term(begin, last, 3)
    later = contract.check_term(begin, last + timedelta(days=1), 3)
    assert (later.rule_id, later.due, later.field) == ("R-CON-13", last, "term_to")
    assert contract.check_term(begin, begin - timedelta(days=1), 3).rule_id == "R-GPS-08"


def test_each_missing_text_is_named() -> None:
    """R-GPS-08."""
    refused = contract.check_text({"service": ("服务", "有"), "breach": ("违约", "  ")})
    assert [(decision.rule_id, decision.field) for decision in refused] == [("R-GPS-08", "breach")]


@pytest.mark.parametrize(
    ("days", "amounts", "holds"),
    [
        ([date(2026, 9, 1), date(2026, 12, 1)], ["60", "40"], True),
        ([date(2026, 9, 1), date(2026, 12, 1)], ["60", "39.99"], False),
        ([date(2026, 12, 1), date(2026, 9, 1)], ["60", "40"], False),
        ([date(2026, 9, 1), date(2027, 3, 2)], ["60", "40"], False),
        ([], [], False),
    ],
    ids=["sound", "wrong sum", "out of order", "long after the term", "none"],
)
def test_milestones(days: list[date], amounts: list[str], holds: bool) -> None:
    """R-GPS-08."""
    rows = [contract.PlannedMilestone(day, Decimal(amount)) for day, amount in zip(days, amounts, strict=True)]
    assert bool(contract.check_milestones(rows, Decimal(100), date(2026, 12, 31))) is holds


def test_signing_in_the_objection_window_warns() -> None:
    """R-TIME-06: the last second of the window is still inside."""
    until = last_second(2026, 6, 24)
    inside = contract.check_window(until, until)
    assert (inside.allowed, inside.level, inside.blocks, inside.field) == (False, Level.WARN, False, "early_reason")
    assert contract.check_window(until, until + timedelta(seconds=1))
    assert contract.check_window(None, until)


def test_signing_late_blocks_or_warns_as_the_rule_set_says() -> None:
    """R-CON-01: the deadline itself is in time."""
    due = last_second(2026, 7, 10)
    assert contract.check_sign_due(due, due, Level.BLOCK)
    late = due + timedelta(seconds=1)
    assert contract.check_sign_due(due, late, Level.BLOCK).blocks
    assert not contract.check_sign_due(due, late, Level.WARN).blocks


# report: R-CHAR-10, R-LOT-05, R-LOT-06, R-CON-14

FACTS = report.ReportFacts(
    summary="字" * 30,
    people_planned=300,
    figures=1,
    spent=Decimal(100),
    contract_amount=Decimal(100),
    spent_before=Decimal(0),
    photos=1,
    photos_with_sign=1,
    has_consent=True,
    is_lottery=True,
)


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"summary": "字" * 29}, "summary", "R-GPS-09"),
        ({"people_planned": 0}, "people_planned", "R-GPS-09"),
        ({"figures": 0}, "figures", "R-GPS-09"),
        ({"spent": Decimal(0)}, "spending", "R-LOT-05"),
        ({"spent_before": Decimal("0.01")}, "spending", "R-LOT-05"),
        ({"has_consent": False}, "has_consent", "R-CHAR-10"),
        ({"photos_with_sign": 0}, "photos", "R-LOT-06"),
    ],
)
def test_what_a_report_misses_is_named(change: dict[str, object], field: str, rule: str) -> None:
    assert report.check_complete(FACTS) == []
    found = report.check_complete(replace(FACTS, **change))
    assert [(decision.field, decision.rule_id) for decision in found] == [(field, rule)]


def test_fiscal_money_needs_no_sign_and_no_photo_no_consent() -> None:
    bare = replace(FACTS, is_lottery=False, photos=0, photos_with_sign=0, has_consent=False)
    assert report.check_complete(bare) == []


def test_acceptance_names_members_and_service_users_and_its_day() -> None:
    """R-CON-14."""
    reported, today = date(2026, 6, 10), date(2026, 6, 15)
    assert report.check_acceptance("同意", "经办", "居民两名", reported, reported, today) == []
    found = report.check_acceptance(" ", "", "", date(2026, 6, 9), reported, today)
    assert [decision.field for decision in found] == ["opinion", "members", "users", "accepted_on"]
    tomorrow = report.check_acceptance("同意", "经办", "居民两名", date(2026, 6, 16), reported, today)
    assert [decision.field for decision in tomorrow] == ["accepted_on"]


def test_attainment_rounds_down() -> None:
    assert report.attainment(Decimal(300), Decimal(312)) == 104
    assert report.attainment(Decimal(3), Decimal(2)) == 66
    assert report.attainment(Decimal(0), Decimal(2)) is None


# lottery money: R-LOT-02, R-LOT-03


@pytest.mark.parametrize(
    ("cost", "ban"),
    [
        ("赴 台 交流差旅", "travel_abroad"),
        ("业务招待费", "reception"),
        ("公务用车购置", "official_car"),
        ("助浴车购车款", ""),
        ("机关经费补助", "base_spending"),
        ("中秋过节费", "irregular_pay"),
        ("办公楼装修", "office_building"),
        ("购买理财产品", "profit"),
        ("滞纳金", "fines_debts"),
        ("护理员劳务", ""),
        ("志愿者餐费", ""),
    ],
)
def test_banned_spending_by_words(cost: str, ban: str) -> None:
    """R-LOT-03."""
    assert banned_spending(cost) == ban


def test_banned_spending_binds_lottery_money_only() -> None:
    refused = check_spending(["劳务", "业务招待费"], is_lottery=True)
    assert (refused.rule_id, refused.blocks) == ("R-LOT-03", True)
    assert "业务招待费" in str(refused.reason)
    assert check_spending(["业务招待费"], is_lottery=False)


def test_purposes_of_lottery_money() -> None:
    """R-LOT-02."""
    assert check_purpose("elderly", is_lottery=True)
    assert check_purpose("balance", is_lottery=True).rule_id == "R-LOT-02"


# comparison: R-VENT-15

CLAIM = disbursement.Claim(
    amount=Decimal("243000"),
    payee=disbursement.Payee("晨曦", "6222 0210"),
    contract_payee=disbursement.Payee("晨曦", "62220210"),
    file_account="6222-0210",
    account_changed_on=None,
    requested_on=date(2026, 9, 1),
    is_contract_active=True,
    is_held=False,
    is_milestone_accepted=True,
    milestone_amount=Decimal("243000"),
    contract_amount=Decimal("486000"),
    claimed_before=Decimal("243000"),
    committed=Decimal("243000"),
    same_invoice="",
    same_file="",
    spent=Decimal("121500"),
    paid_before=Decimal("243000"),
    milestone_due_on=date(2026, 8, 28),
    reported_on=date(2026, 8, 28),
)


def failed(claim: disbursement.Claim) -> dict[str, bool]:
    """Codes of failed lines → may be explained."""
    return {line.code: line.may_explain for line in disbursement.compare(claim) if not line.passed}


@pytest.mark.parametrize(
    ("change", "code", "may_explain"),
    [
        ({"is_contract_active": False}, "contract_active", False),
        ({"is_held": True}, "no_hold", False),
        ({"is_milestone_accepted": False}, "milestone_accepted", False),
        ({"payee": disbursement.Payee("晨 曦", "62220210")}, "payee_name", False),
        ({"contract_payee": disbursement.Payee("晨曦", "62220211")}, "account_contract", False),
        ({"file_account": ""}, "account_file", True),
        ({"account_changed_on": date(2026, 8, 3)}, "account_recent", True),
        ({"account_changed_on": date(2026, 9, 2)}, "account_recent", True),
        ({"milestone_amount": Decimal("242999.99")}, "amount_milestone", False),
        ({"claimed_before": Decimal("243000.01")}, "sum_contract", False),
        ({"committed": Decimal("242999.99")}, "commitment", False),
        ({"same_invoice": "BF-1"}, "invoice_number", False),
        ({"same_file": "BF-1"}, "invoice_file", False),
        ({"spent": Decimal("121499.99")}, "spending_progress", True),
        ({"reported_on": date(2026, 8, 29)}, "report_on_time", True),
    ],
)
def test_each_comparison_fails_alone(change: dict[str, object], code: str, may_explain: bool) -> None:
    assert failed(CLAIM) == {}
    assert len(disbursement.compare(CLAIM)) == 14
    assert failed(replace(CLAIM, **change)) == {code: may_explain}


def test_account_changed_thirty_days_ago_is_old_enough() -> None:
    assert failed(replace(CLAIM, account_changed_on=date(2026, 8, 2))) == {}


def test_facts_hide_all_but_the_last_four_signs_of_an_account() -> None:
    facts = " ".join(line.fact for line in disbursement.compare(CLAIM))
    assert "62220210" not in facts
    assert "…0210" in facts


def test_blocking_lines_refuse_with_their_field_and_explanations_heal_doubts() -> None:
    lines = disbursement.compare(replace(CLAIM, same_invoice="BF-1", file_account=""))
    assert [(decision.field, decision.rule_id) for decision in disbursement.check_blocking(lines)] == [
        ("invoice_number", "R-VENT-15")
    ]
    assert not disbursement.check_explained(lines, [])
    assert disbursement.check_explained(lines, ["account_file"])


def test_four_eyes() -> None:
    """R-VENT-15: neither the requester, nor twice, nor who explained."""

    def ask(user: int) -> bool:
        return bool(disbursement.check_persons(user_id=user, requester_id=1, explainers=[2], earlier=[3]))

    assert [ask(user) for user in (1, 2, 3, 4)] == [False, False, False, True]


def test_pay_within_ten_working_days_at_most_thirty_days() -> None:
    """R-CON-10, R-CON-09."""
    assert disbursement.pay_due(at(2026, 6, 15), 10, 30, CALENDAR) == last_second(2026, 6, 30)
    assert disbursement.pay_due(at(2026, 6, 15), 60, 30, CALENDAR) == last_second(2026, 7, 15)


@pytest.mark.parametrize(
    ("day", "run"),
    [
        (date(2026, 6, 9), date(2026, 6, 10)),
        (date(2026, 6, 10), date(2026, 6, 10)),
        (date(2026, 6, 11), date(2026, 6, 25)),
        (date(2026, 6, 26), date(2026, 7, 10)),
        (date(2026, 10, 1), date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 10, 24), date(2026, 10, 26)),  # the 25th is a Sunday
        (date(2026, 12, 28), date(2027, 1, 10)),  # no table yet: the plain day
    ],
)
def test_payments_leave_twice_a_month_on_working_days(day: date, run: date) -> None:
    """R-VENT-15."""
    assert disbursement.next_run(day, CALENDAR) == run


def test_late_payment_warns_and_bears_interest() -> None:
    """R-CON-09: 0.05 % a day, from the day after the one on which it was due."""
    due = datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZONE)
    assert disbursement.check_pay_due(due, date(2026, 6, 30)).allowed
    late = disbursement.check_pay_due(due, date(2026, 7, 4))
    assert (late.rule_id, late.level, late.field, late.due) == ("R-CON-09", Level.WARN, "late_reason", due)
    amount, daily = Decimal("243000.00"), Decimal("0.05")
    interest = [disbursement.default_interest(amount, due, day, daily) for day in (date(2026, 6, 30), date(2026, 7, 4))]
    assert interest == [Decimal("0.00"), Decimal("486.00")]
    assert disbursement.default_interest(Decimal("0.99"), due, date(2026, 7, 1), daily) == Decimal("0.00")
    assert disbursement.default_interest(Decimal("10.00"), due, date(2026, 7, 1), daily) == Decimal("0.01")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, ""),
        ({"is_lottery": False, "is_evaluated": False}, ""),
        ({"is_evaluated": False}, "R-LOT-07"),
        ({"accepted": 2}, "R-GPS-08"),
        ({"paid": 2}, "R-GPS-08"),
        ({"milestones": 0, "accepted": 0, "paid": 0}, "R-GPS-08"),
    ],
)
def test_a_contract_is_completed_by_payment_and_on_lottery_money_by_evaluation(
    change: dict[str, object], rule: str
) -> None:
    facts = {"milestones": 3, "accepted": 3, "paid": 3, "is_lottery": True, "is_evaluated": True}
    decision = contract.check_completion(**{**facts, **change})  # type: ignore[arg-type]
    assert (decision.allowed, "" if decision.allowed else decision.rule_id) == (not rule, rule)


def test_invoice_numbers_are_compared_without_blanks_and_case() -> None:
    assert disbursement.invoice_key(" 0310 0220a1 ") == "03100220A1"


# evaluation: R-PERF-01, -02, -03, R-VENT-16


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "excellent"), ("90", "excellent"), ("89.99", "good"), ("80", "good"), ("79.99", "medium"), ("60", "medium"),
     ("59.99", "poor"), ("0", "poor")],
)  # fmt: skip
def test_grades(total: str, grade: str) -> None:
    """R-PERF-01."""
    assert evaluation.grade_of(Decimal(total)) == grade


@pytest.mark.parametrize("form", evaluation.FORMS)
def test_forms_sum_to_a_hundred(form: str) -> None:
    """R-PERF-02, R-VENT-16."""
    rows = [evaluation.Indicator(name, Decimal(weight)) for name, weight in evaluation.FORMS[form]]
    assert evaluation.check_weights(rows)


def test_budget_form_has_the_weights_of_the_ministry() -> None:
    """R-PERF-02: execution 10, output 50, benefit 30, satisfaction 10."""
    points = [weight for _name, weight in evaluation.FORMS["budget"]]
    assert (points[0], sum(points[1:4]), sum(points[4:6]), points[6]) == (10, 50, 30, 10)


def indicators(*scores: str | None) -> list[evaluation.Indicator]:
    weight = Decimal(100) / len(scores)
    return [
        evaluation.Indicator(f"指标{n}", weight, None if score is None else Decimal(score), "依据")
        for n, score in enumerate(scores)
    ]


def test_weights_and_scores_are_refused_one_by_one() -> None:
    assert not evaluation.check_weights([evaluation.Indicator("一", Decimal(99))])
    assert not evaluation.check_weights([evaluation.Indicator("", Decimal(100))])
    assert evaluation.check_scores(indicators("50", "40"))
    assert not evaluation.check_scores(indicators("50", None))
    assert not evaluation.check_scores(indicators("50", "50.01"))
    assert not evaluation.check_scores([evaluation.Indicator("一", Decimal(100), Decimal(1), " ")])


def test_misused_money_makes_the_whole_score_nothing() -> None:
    """R-VENT-16."""
    assert evaluation.total_score(indicators("50", "42.4")) == Decimal("92.40")
    assert evaluation.total_score(indicators("50", "42.4"), is_misused=True) == 0


@pytest.mark.parametrize(
    ("ties", "allowed", "blocks"),
    [
        (evaluation.Ties(False, True), True, False),
        (evaluation.Ties(True, True), False, True),
        (evaluation.Ties(False, False), False, True),
        (evaluation.Ties(False, True, shared_people=("王",)), False, True),
        (evaluation.Ties(False, True, shared_links=("李",)), False, True),
        (evaluation.Ties(False, True, same_names=("张",)), False, False),
    ],
    ids=["independent", "party", "no evaluator", "shared person", "shared holder", "same name"],
)
def test_independence(ties: evaluation.Ties, allowed: bool, blocks: bool) -> None:
    """R-PERF-03."""
    decision = evaluation.check_independence(ties)
    assert (decision.allowed, decision.blocks) == (allowed, blocks)


def test_five_working_days_to_answer_then_final() -> None:
    due = evaluation.answer_due(at(2026, 6, 15), 5, CALENDAR)
    assert due == last_second(2026, 6, 23)
    assert not evaluation.check_final(is_answered=False, due=due, now=due)
    assert evaluation.check_final(is_answered=False, due=due, now=due + timedelta(seconds=1))
    assert evaluation.check_final(is_answered=True, due=due, now=at(2026, 6, 16))
    assert not evaluation.check_answer("同意，已整改", due, due + timedelta(seconds=1))
    assert not evaluation.check_answer("好", due, due)
    assert not evaluation.check_reply("我们不同意", " ")
    assert evaluation.check_reply("", "")


# publication: R-PUB-02


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证310106198001012345。", "身份证310106********2345。"),
        ("手机13812345678", "手机138****5678"),
        ("账号6222021001112223334", "账号****3334"),
        ("账号 6222 0210 0111 2223", "账号 ****2223"),
        ("办公电话021-62580000", "办公电话021-62580000"),
        ("邮箱wangmin@example.org", "邮箱w***@example.org"),
        ("服务300名老人，金额486,000.00元", "服务300名老人，金额486,000.00元"),
        ("编号SH-2026-0001", "编号SH-2026-0001"),
    ],
)
def test_personal_data_are_cut(text: str, masked: str) -> None:
    assert privacy.masked_text(text) == masked


def test_names_keep_the_surname_only() -> None:
    assert [privacy.masked_name(name) for name in ("王敏", "欧阳明月", "", " 李 ")] == ["王*", "欧***", "", "李"]
