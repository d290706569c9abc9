"""Bodies and people: `make_body(kind)`, `make_person(body, *roles)`."""

from __future__ import annotations

from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from stdnum.cn import uscc

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Membership, SpentCode, User
from marketplace.accounts.roles import SECOND_FACTOR_ROLES, BodyKind, Role
from marketplace.core import clock

PASSWORD = "correct-horse-battery"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIRMS = (BodyKind.AGENCY, BodyKind.EVALUATOR, BodyKind.AUDITOR, BodyKind.SPONSOR)
PREFIXES = {BodyKind.ORGANIZATION: "52", **dict.fromkeys(FIRMS, "91")}
NAMES = {
    BodyKind.GOVERNMENT: "静安区民政局",
    BodyKind.ORGANIZATION: "晨曦社区服务中心",
    BodyKind.AGENCY: "申明招标代理有限公司",
    BodyKind.EVALUATOR: "明衡评估咨询有限公司",
    BodyKind.EXPERT_REGISTER: "评审专家库",
    BodyKind.SUPERVISOR: "静安区财政局",
    BodyKind.AUDITOR: "正信会计师事务所有限公司",
    BodyKind.OPERATOR: "益招运营中心",
    BodyKind.SPONSOR: "海川实业有限公司",
}
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_serial = count(1)


def make_code(kind: str = BodyKind.ORGANIZATION, region: str = "310106") -> str:
    """A valid unified social credit code (R-ORG-01 to -04), never given twice."""
    body = f"{next(_serial):08d}"
    check = (11 - sum(weight * int(digit) for weight, digit in zip(BODY_WEIGHTS, body, strict=True)) % 11) % 11
    start = PREFIXES.get(BodyKind(kind), "11") + region + body + "0123456789X"[check]
    return make_check(start)


def make_check(start: str) -> str:
    return start + uscc.calc_check_digit(start)


def make_body(
    kind: str = BodyKind.GOVERNMENT, *, name: str = "", region: str = "310106", code: str = "", admitted: bool = True
) -> Body:
    """A body with a valid code; a second one of a kind gets a number after its name."""
    kind = BodyKind(kind)
    wanted = name or NAMES[kind]
    same = Body.objects.filter(name__startswith=wanted).count()
    return Body.objects.create(
        kind=kind,
        name=wanted if name or not same else f"{wanted}{same + 1}",
        region=region,
        code=code or make_code(kind, region),
        address="上海市静安区昌平路1000号",
        contact_name="王敏",
        contact_phone="021-60000000",
        admitted_at=clock.now() if admitted and kind != BodyKind.ORGANIZATION else None,
    )


def make_user(*, name: str = "", email: str = "", verified: bool = True) -> User:
    """A person with a confirmed address and the password `PASSWORD`."""
    number = next(_serial)
    user = User.objects.create_user(email or f"person{number}@example.org", PASSWORD, name=name or f"测试员{number}")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def make_person(body: Body | None, *roles: str, name: str = "", second_factor: bool | None = None) -> Actor:
    """A person with roles in a body, as the actor that services take.

    The second factor is set up and used where a role demands it, unless `second_factor` says otherwise.
    """
    user = make_user(name=name)
    has_factor = bool(SECOND_FACTOR_ROLES.intersection(roles)) if second_factor is None else second_factor
    if has_factor:
        TOTP.activate(user, TOTP_SECRET)
    membership = None
    if body is not None:
        held = [str(Role(role)) for role in roles]
        membership = Membership.objects.create(user=user, body=body, roles=held, since=clock.now())
    return actor_for(user, membership, has_second_factor=has_factor)


def totp_code(actor: Actor) -> str:
    """The one-time code that the actor's device shows now, as if half a minute had passed since the last one."""
    SpentCode.objects.filter(user_id=actor.user_id).delete()
    factor = TOTP(Authenticator.objects.get(user_id=actor.user_id, type=Authenticator.Type.TOTP))
    counters = list(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(decrypt(factor.instance.data["secret"]), counters[len(counters) // 2]))
    cache.delete(factor._get_used_cache_key(code))
    return code
