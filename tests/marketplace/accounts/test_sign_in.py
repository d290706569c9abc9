"""Sign-in, the second factor where a role needs it, and what keeps the admin closed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Membership, User
from marketplace.accounts.roles import BodyKind, Role
from tests.factories.accounts import PASSWORD, make_body, make_person, make_user, totp_code

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


def email_of(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).email


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestSigningUp:
    DATA = {
        "name": "林晓晨",
        "email": "new@org.example",
        "password1": "correct-horse-9",
        "password2": "correct-horse-9",
    }

    def test_sign_up_confirm_and_sign_in(self, client: Client) -> None:
        page = client.get(reverse("account_signup")).content.decode()
        assert "谁能办什么" in page
        response = client.post(reverse("account_signup"), self.DATA)
        assert response["Location"] == reverse("account_email_verification_sent")
        user = User.objects.get()
        assert (user.name, user.email) == ("林晓晨", "new@org.example")
        assert not EmailAddress.objects.get().verified
        link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.outbox[0].body)
        assert link is not None
        assert "益招" in mail.outbox[0].subject
        assert client.get(link[1]).status_code == 200
        assert not EmailAddress.objects.get().verified
        assert client.post(link[1]).status_code == 302
        assert EmailAddress.objects.get().verified
        fresh = Client()
        fresh.post(reverse("account_login"), {"login": "new@org.example", "password": "correct-horse-9"})
        assert is_signed_in(fresh)

    def test_without_confirmation_nobody_gets_in(self, client: Client) -> None:
        client.post(reverse("account_signup"), self.DATA)
        fresh = Client()
        response = fresh.post(reverse("account_login"), {"login": "new@org.example", "password": "correct-horse-9"})
        assert response["Location"] == reverse("account_email_verification_sent")
        assert not is_signed_in(fresh)

    @pytest.mark.parametrize(
        "change",
        [{"name": ""}, {"email": "x"}, {"password2": "other-horse-9"}, {"password1": "short", "password2": "short"}],
    )
    def test_wrong_entries_come_back(self, client: Client, change: dict[str, str]) -> None:
        assert client.post(reverse("account_signup"), {**self.DATA, **change}).status_code == 200
        assert not User.objects.exists()

    def test_a_taken_address_is_not_given_away(self, client: Client) -> None:
        make_user(email="new@org.example")
        response = client.post(reverse("account_signup"), self.DATA)
        assert response["Location"] == reverse("account_email_verification_sent")
        assert User.objects.count() == 1
        assert "已有账户" in mail.outbox[0].subject + mail.outbox[0].body


class TestPassword:
    def test_reset_by_mail(self, client: Client) -> None:
        user = make_user(email="a@b.example")
        client.post(reverse("account_reset_password"), {"email": "a@b.example"})
        link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
        assert link is not None
        page = client.get(link[1], follow=True)
        url = page.redirect_chain[-1][0]
        client.post(url, {"password1": "another-horse-10", "password2": "another-horse-10"})
        user.refresh_from_db()
        assert user.check_password("another-horse-10")

    def test_five_wrong_passwords_close_the_door_for_the_right_one(self, client: Client) -> None:
        make_user(email="a@b.example")
        for _n in range(5):
            client.post(reverse("account_login"), {"login": "a@b.example", "password": "wrong"})
        response = client.post(reverse("account_login"), {"login": "a@b.example", "password": PASSWORD})
        assert "五分钟" in response.content.decode()
        assert not is_signed_in(client)


class TestSecondFactorAtSignIn:
    def test_the_password_alone_does_not_do(self, client: Client) -> None:
        actor = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
        response = client.post(reverse("account_login"), {"login": email_of(actor), "password": PASSWORD})
        assert response["Location"] == reverse("mfa_authenticate")
        assert not is_signed_in(client)
        assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        assert not is_signed_in(client)
        code = totp_code(actor)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client)
        again = Client()
        again.post(reverse("account_login"), {"login": email_of(actor), "password": PASSWORD})
        again.post(reverse("mfa_authenticate"), {"code": code})
        assert not is_signed_in(again)

    def test_setting_it_up(self, client: Client) -> None:
        actor = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER, second_factor=False)
        client.post(reverse("account_login"), {"login": email_of(actor), "password": PASSWORD})
        assert client.get("/workspace/people/")["Location"] == reverse("mfa_index")
        index = client.get(reverse("mfa_index")).content.decode()
        assert "审批人" in index
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
        assert "<svg" in page.content.decode()
        secret = client.session["mfa.totp.secret"]
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

        step = list(yield_hotp_counters_from_time())[1]
        response = client.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(secret, step))})
        assert response.status_code == 302
        assert Authenticator.objects.filter(user_id=actor.user_id, type="totp").exists()
        assert client.get("/workspace/people/").status_code == 200

    @pytest.mark.parametrize(
        ("kind", "role", "guarded"),
        [
            (BodyKind.OPERATOR, Role.OPERATOR, True),
            (BodyKind.GOVERNMENT, Role.APPROVER, True),
            (BodyKind.GOVERNMENT, Role.FINANCE, True),
            (BodyKind.GOVERNMENT, Role.OFFICER, False),
            (BodyKind.SUPERVISOR, Role.SUPERVISOR, True),
            (BodyKind.AUDITOR, Role.AUDITOR, True),
            (BodyKind.AGENCY, Role.CUSTODIAN, True),
            (BodyKind.ORGANIZATION, Role.BIDDER, False),
            (BodyKind.EXPERT_REGISTER, Role.EXPERT, False),
            (BodyKind.EVALUATOR, Role.EVALUATOR, False),
        ],
    )
    def test_who_is_sent_to_set_it_up(self, client_for: ClientFor, kind: str, role: str, guarded: bool) -> None:
        client = client_for(make_person(make_body(kind), role, second_factor=False))
        for path in ("/workspace/findings/", "/organizations/", "/en/organizations/"):
            response = client.get(path)
            assert (response.status_code == 302 and "/accounts/2fa/" in response["Location"]) is guarded, path
        assert client.get(reverse("people:memberships")).status_code == 200
        assert client.get(reverse("account_email")).status_code == 200

    def test_a_role_in_another_body_counts_too(self, client_for: ClientFor) -> None:
        actor = make_person(make_body(BodyKind.ORGANIZATION), Role.BIDDER)
        agency = make_body(BodyKind.AGENCY)
        other = Membership.objects.create(
            user_id=actor.user_id, body=agency, roles=["custodian"], since="2026-01-01T00:00+08:00"
        )
        client = client_for(actor)
        assert client.get("/workspace/findings/")["Location"] == reverse("mfa_index")
        Membership.objects.filter(pk=other.pk).update(ended_at="2026-02-01T00:00+08:00")
        assert client.get("/workspace/findings/").status_code == 200

    def test_who_needs_it_cannot_switch_it_off(self, client_for: ClientFor) -> None:
        actor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
        client_for(actor).post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user_id=actor.user_id, type="totp").exists()


class TestAdmin:
    def test_wagtails_own_sign_in_is_closed(self, client: Client) -> None:
        admin = User.objects.create_superuser("root@yizhao.example", PASSWORD, name="管理员")
        EmailAddress.objects.create(user=admin, email=admin.email, primary=True, verified=True)
        for url in ("/admin/login/", "/admin/login/?next=/admin/pages/"):
            response = client.post(url, {"username": admin.email, "password": PASSWORD})
            assert response["Location"].startswith(reverse("account_login"))
            assert not is_signed_in(client)
        assert client.get("/admin/")["Location"].startswith(reverse("account_login"))

    def test_nobody_enters_the_admin_without_a_second_factor(self, client_for: ClientFor) -> None:
        from allauth.mfa.totp.internal.auth import TOTP

        admin = User.objects.create_superuser("root@yizhao.example", PASSWORD, name="管理员")
        client = client_for(actor_for(admin, None))
        assert client.get("/admin/")["Location"] == reverse("mfa_index")
        assert client.get("/admin/pages/")["Location"] == reverse("mfa_index")
        TOTP.activate(admin, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        assert client.get("/admin/").status_code == 200


ACCOUNT_PAGES = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
]
SIGNED_IN_PAGES = ["account_email", "account_change_password", "account_logout", "account_reauthenticate", "mfa_index"]
LOOK = ('class="masthead"', "yizhao")


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_every_page_of_the_package_is_ours(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert all(mark in page for mark in LOOK)
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "name", [*SIGNED_IN_PAGES, "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_deactivate_totp"]
)
def test_every_page_for_signed_in_people_is_ours(client: Client, name: str) -> None:
    needs = name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp")
    actor = make_person(make_body(BodyKind.ORGANIZATION), Role.BIDDER, second_factor=needs)
    client.post(reverse("account_login"), {"login": email_of(actor), "password": PASSWORD})
    if needs:
        client.post(reverse("mfa_authenticate"), {"code": totp_code(actor)})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse(name), follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert all(mark in page for mark in LOOK)
    assert "style=" not in page
