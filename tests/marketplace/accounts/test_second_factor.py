"""A code confirms one deed, once; failures are counted."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from marketplace.accounts.models import SpentCode, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.services.second_factor import CodeRefused, check
from tests.factories.accounts import make_body, make_person, totp_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver() -> tuple[User, str]:
    actor = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    return User.objects.get(pk=actor.user_id), totp_code(actor)


def refusal(user: User, code: str) -> str:
    with pytest.raises(CodeRefused) as caught:
        check(user, code)
    assert caught.value.field == "code"
    return str(caught.value)


def test_a_fresh_code_is_accepted_and_spent(approver: tuple[User, str]) -> None:
    user, code = approver
    check(user, f" {code[:3]} {code[3:]} ")
    assert SpentCode.objects.filter(user=user).count() == 1
    refusal(user, code)
    assert SpentCode.objects.filter(user=user).count() == 1


def test_the_next_period_brings_a_new_code(approver: tuple[User, str]) -> None:
    user, code = approver
    check(user, code)
    from marketplace.accounts.actors import Actor

    with time_machine.travel("2099-01-01 10:00:00+08:00", tick=False):
        check(user, totp_code(Actor(user.pk, "", "")))


def test_an_old_code_is_refused(approver: tuple[User, str]) -> None:
    user, code = approver
    with time_machine.travel("2099-01-01 10:00:00+08:00", tick=False):
        refusal(user, code)
    assert not SpentCode.objects.exists()


def test_a_code_that_opened_the_session_is_spent(approver: tuple[User, str]) -> None:
    user, code = approver
    assert TOTP(Authenticator.objects.get(user=user, type="totp")).validate_code(code)
    refusal(user, code)


def test_a_code_of_a_deed_opens_no_session(
    approver: tuple[User, str], django_capture_on_commit_callbacks: object
) -> None:
    user, code = approver
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        check(user, code)
    assert not TOTP(Authenticator.objects.get(user=user, type="totp")).validate_code(code)


def test_five_failures_close_the_door_even_for_the_right_code(approver: tuple[User, str]) -> None:
    user, code = approver
    for wrong in ("000000", "", "abc", "111111", "999999"):
        refusal(user, wrong)
    refusal(user, code)
    assert not SpentCode.objects.exists()


def test_success_forgets_the_failures(approver: tuple[User, str]) -> None:
    user, code = approver
    for _round in range(4):
        refusal(user, "000000")
    check(user, code)
    for _round in range(4):
        refusal(user, "000000")


def test_a_recovery_code_works_once(approver: tuple[User, str]) -> None:
    user, _code = approver
    recovery = RecoveryCodes.activate(user).generate_codes()[3]
    check(user, recovery)
    refusal(user, recovery)


def test_without_a_factor_the_way_out_is_named() -> None:
    actor = make_person(make_body(BodyKind.ORGANIZATION), Role.BIDDER)
    refusal(User.objects.get(pk=actor.user_id), "123456")


def test_somebody_elses_code_is_wrong(approver: tuple[User, str]) -> None:
    user, code = approver
    other = User.objects.get(pk=make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR).user_id)
    Authenticator.objects.filter(user=other).delete()
    TOTP.activate(other, "MZXW6YTBOI7777777777777777777777")
    refusal(other, code)
    check(user, code)


def test_the_secret_stands_encrypted_in_the_database(approver: tuple[User, str]) -> None:
    from tests.factories.accounts import TOTP_SECRET

    stored = Authenticator.objects.get(user=approver[0], type="totp").data["secret"]
    assert TOTP_SECRET not in stored
