"""R-ORG-01 to R-ORG-05, R-GPS-01 to R-GPS-03: what a credit code must be, and which body it may stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from stdnum.cn import uscc

from marketplace.accounts.roles import BodyKind
from marketplace.accounts.rules.credit_code import (
    body_check_character,
    check_admission,
    check_code,
    check_supplier,
    clean_code,
    region_of,
    valid_uscc,
)
from marketplace.core.decisions import Level
from marketplace.organizations.rules.registration import kind_of

GIVEN = ["51990000AAAA00015P", "52990000AAAA00015L", "53990000AAAA00015H"]


@pytest.mark.parametrize("code", GIVEN)
def test_the_codes_of_r_org_05_pass(code: str) -> None:
    assert [(decision.allowed, decision.rule_id) for decision in check_code(code)] == [
        (True, "R-ORG-01"),
        (True, "R-ORG-02"),
        (True, "R-ORG-03"),
    ]


@pytest.mark.parametrize(
    ("code", "rule_id", "says"),
    [
        ("52990000AAAA00015", "R-ORG-01", "17"),
        ("52990000AAAA00015LL", "R-ORG-01", "19"),
        ("", "R-ORG-01", "0"),
        ("52990000AAAA0001OL", "R-ORG-01", "O"),
        ("5299000SAAAA00015L", "R-ORG-01", "S"),
        ("02990000AAAA00015L", "R-ORG-01", ""),
        ("5299A000AAAA00015L", "R-ORG-01", ""),
        ("52990000AAAA00015M", "R-ORG-02", ""),
        ("52990000AAAB00015L", "R-ORG-02", ""),
    ],
)
def test_a_wrong_code_is_refused_with_the_field_and_the_rule(code: str, rule_id: str, says: str) -> None:
    decision = check_code(code)[-1]
    assert (decision.blocks, decision.rule_id, decision.field) == (True, rule_id, "code")
    assert says in str(decision.reason)


def test_r_org_03_a_wrong_body_number_is_only_a_warning() -> None:
    start = "52990000AAAA00017"
    decision = check_code(start + uscc.calc_check_digit(start))[-1]
    assert (decision.allowed, decision.level, decision.rule_id) == (False, Level.WARN, "R-ORG-03")


def test_blanks_hyphens_and_small_letters_do_not_matter() -> None:
    assert clean_code(" 52 990000-aaaa00015 l ") == "52990000AAAA00015L"


def test_registrars_with_a_letter_are_known() -> None:
    """R-GPS-02: village collectives have codes that begin with N."""
    assert all(decision.allowed for decision in check_code(valid_uscc("N2", "310106", 12)))


@given(st.sampled_from(["51", "52", "53", "91", "11"]), st.integers(0, 99_999_999))
def test_made_codes_pass_ours_and_stdnum(prefix: str, serial: int) -> None:
    code = valid_uscc(prefix, "310106", serial)
    assert uscc.is_valid(code)
    assert all(decision.allowed for decision in check_code(code))
    assert region_of(code) == "310106"


@given(st.integers(0, 99_999_999), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_mistyped_character_never_passes(serial: int, place: int, character: str) -> None:
    code = valid_uscc("52", "310106", serial)
    wrong = code[:place] + character + code[place + 1 :]
    assert wrong == code or any(decision.blocks for decision in check_code(wrong))


def test_r_org_03_check_character_x() -> None:
    found = {body_check_character(f"{number:08d}") for number in range(200)}
    assert found == set("0123456789X")


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("51", "association"), ("52", "service_agency"), ("53", "foundation"), ("91", "enterprise"), ("31", "other")],
)
def test_r_org_04_the_prefix_tells_the_kind(prefix: str, kind: str) -> None:
    assert kind_of(valid_uscc(prefix, "310106", 1)) == kind


@pytest.mark.parametrize(
    ("kind", "prefix", "allowed", "level"),
    [
        (BodyKind.GOVERNMENT, "11", True, None),
        (BodyKind.GOVERNMENT, "12", False, Level.WARN),
        (BodyKind.GOVERNMENT, "13", False, Level.WARN),
        (BodyKind.GOVERNMENT, "52", False, Level.BLOCK),
        (BodyKind.SUPERVISOR, "91", False, Level.BLOCK),
        (BodyKind.AGENCY, "91", True, None),
        (BodyKind.AGENCY, "51", True, None),
    ],
)
def test_r_gps_01_who_may_be_admitted(kind: str, prefix: str, allowed: bool, level: Level | None) -> None:
    decision = check_admission(kind, valid_uscc(prefix, "310106", 1))
    assert decision.allowed is allowed
    assert level is None or (decision.level, decision.rule_id) == (level, "R-GPS-01")


@pytest.mark.parametrize(
    ("prefix", "rule_id", "blocks", "warns"),
    [
        ("11", "R-GPS-02", True, False),
        ("12", "R-GPS-03", False, True),
        ("13", "R-GPS-03", False, True),
        ("52", "R-GPS-02", False, False),
    ],
)
def test_r_gps_02_and_03_who_may_supply(prefix: str, rule_id: str, blocks: bool, warns: bool) -> None:
    decision = check_supplier(valid_uscc(prefix, "310106", 1))
    assert decision.rule_id == rule_id
    assert (decision.blocks, not decision.allowed and decision.level is Level.WARN) == (blocks, warns)
