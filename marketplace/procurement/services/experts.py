"""The register of experts: import, availability, absences. Changes nothing of a running review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body, Membership, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..events import ExpertsImported
from ..models import Expert, ExpertAbsence
from ..permissions.review import can_change_availability, can_manage_experts
from ..rules.expert_table import ExpertRow, Register

CHANGING = ("employer", "title", "fields", "region")


@dataclass(frozen=True)
class ImportResult:
    created: int
    updated: int


def current_register() -> Register:
    return Register(dict(Expert.objects.values_list("number", "user__email")))


def import_experts(*, actor: Actor, rows: Sequence[ExpertRow], register_id: int) -> ImportResult:
    """Take checked rows over: new experts get an account and a mail, known numbers are updated. All or nothing."""
    with audit.transaction() as log:
        require_permission(can_manage_experts(actor))
        register = locked(Body, register_id)
        require(_is_register(actor, register))
        known = {expert.number: expert for expert in Expert.objects.select_related("user")}
        created = [_create(row, register) for row in rows if row.number not in known]
        updated = [_update(known[row.number], row) for row in rows if row.number in known]
        log.record("experts.imported", register, actor, created=len(created), updated=len(updated))
        announce(ExpertsImported(tuple(expert.pk for expert in created)))
        return ImportResult(len(created), len(updated))


def _is_register(actor: Actor, register: Body) -> Decision:
    own = actor.body_kind != BodyKind.EXPERT_REGISTER or actor.body_id == register.pk
    if register.kind == BodyKind.EXPERT_REGISTER and own:
        return ALLOWED
    return refuse(_("Choose the expert register that these experts belong to."), field="register")


def _create(row: ExpertRow, register: Body) -> Expert:
    user = User.objects.filter(email__iexact=row.email).first()
    if user is None:
        user = User.objects.create_user(row.email, None, name=row.name, phone=row.phone)
    _give_role(user, register)
    return Expert.objects.create(
        user=user,
        register=register,
        number=row.number,
        employer=row.employer,
        title=row.title,
        fields=row.fields,
        region=row.region,
    )


def _give_role(user: User, register: Body) -> None:
    membership, is_new = Membership.objects.get_or_create(
        user=user, body=register, ended_at=None, defaults={"roles": [Role.EXPERT.value], "since": clock.now()}
    )
    if not is_new and Role.EXPERT not in membership.roles:
        membership.roles = sorted({*membership.roles, Role.EXPERT.value})
        membership.save(update_fields=["roles"])


def _update(expert: Expert, row: ExpertRow) -> Expert:
    for name in CHANGING:
        setattr(expert, name, getattr(row, name))
    expert.save(update_fields=list(CHANGING))
    return expert


def set_availability(*, actor: Actor, expert_id: int, is_available: bool) -> Expert:
    """Whether the expert takes invitations at all; a pool fixed before stays as it is."""
    with audit.transaction() as log:
        expert = locked(Expert, expert_id)
        if not (can_change_availability(actor, expert) or can_manage_experts(actor)):
            raise NotFound("")
        expert.is_available = is_available
        expert.save(update_fields=["is_available"])
        log.record("expert.availability_set", expert, actor, number=expert.number, is_available=is_available)
        return expert


def add_absence(*, actor: Actor, expert_id: int, from_date: date, to_date: date) -> ExpertAbsence:
    with audit.transaction() as log:
        expert = locked(Expert, expert_id)
        require_permission(can_change_availability(actor, expert))
        require(_absence(from_date, to_date))
        absence = ExpertAbsence.objects.create(expert=expert, from_date=from_date, to_date=to_date)
        log.record("expert.absence_added", expert, actor, number=expert.number)
        return absence


def _absence(from_date: date, to_date: date) -> Decision:
    if to_date < from_date:
        return refuse(_("The last day lies before the first."), field="to_date")
    if to_date < clock.today():
        return refuse(_("This absence is over already. Enter days from today on."), field="to_date")
    return ALLOWED


def remove_absence(*, actor: Actor, absence_id: int) -> None:
    """Take an absence back: a private plan without legal meaning, so it may go."""
    with audit.transaction() as log:
        absence = locked(ExpertAbsence, absence_id, "expert")
        require_permission(can_change_availability(actor, absence.expert))
        log.record("expert.absence_removed", absence.expert, actor, number=absence.expert.number)
        absence.delete()
