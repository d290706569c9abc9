"""The pool of a lot's draw: fixed by hash before the lot closes (R-COMM-05, -08)."""

from __future__ import annotations

import secrets

from django.db.models import Q, QuerySet

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import require
from marketplace.core.locking import locked

from ..models import Expert, Lot, LotStatus, PoolCommitment, Tender
from ..rules.draw import pool_digest
from ..rules.pool import has_room, is_before_closing, matches
from ..selectors.committee import needed_for


def commit_pool(*, actor: Actor = SYSTEM, lot_id: int) -> PoolCommitment:
    """Fix the pool of an open lot once; the log gets the hash, the numbers are disclosed with the result."""
    with audit.transaction() as log:
        return commit_pool_in(log, actor=actor, lot=locked(Lot, lot_id, "tender", "tender__buyer", "tender__item"))


def commit_pool_in(log: Log, *, actor: Actor, lot: Lot) -> PoolCommitment:
    """The same inside the transaction that publishes the tender."""
    earlier = PoolCommitment.objects.filter(lot=lot).first()
    if earlier is not None:
        return earlier
    require(is_before_closing(lot.status == LotStatus.OPEN, lot.tender.deadline, clock.now()))
    needed = needed_for(lot)
    numbers, is_widened = pool_numbers(lot.tender, needed.experts)
    salt = secrets.token_hex(32)
    pool = PoolCommitment.objects.create(
        lot=lot,
        expert_numbers=numbers,
        salt=salt,
        sha256=pool_digest(numbers, salt),
        size_wanted=needed.experts,
        is_widened=is_widened,
        committed_at=clock.now(),
    )
    log.record("pool.committed", lot, actor, project=lot.tender.number, lot=lot, sha256=pool.sha256, size=len(numbers))
    return pool


def pool_numbers(tender: Tender, experts: int) -> tuple[list[str], bool]:
    """Numbers of the experts of the field; of all fields where the field has too few for seats and substitutes."""
    rows = list(independent_experts(tender).values_list("number", "fields"))
    code = tender.item.directory_code
    fitting = sorted(number for number, fields in rows if matches(fields.split(), code))
    if has_room(len(fitting), experts):
        return fitting, False
    return sorted(number for number, _fields in rows), True


def independent_experts(tender: Tender) -> QuerySet[Expert]:
    """Available experts without a tie to the buyer, the agent or a supervising department (R-COMM-08)."""
    parties = [body for body in (tender.buyer, tender.agency) if body is not None]
    supervisors = Body.objects.filter(kind=BodyKind.SUPERVISOR)
    current = Q(user__memberships__ended_at=None)
    tied = Expert.objects.filter(
        Q(employer__in=[body.name for body in parties])
        | Q(employer__in=supervisors.values("name"))
        | (current & Q(user__memberships__body__in=parties))
        | (current & Q(user__memberships__body__kind=BodyKind.SUPERVISOR))
    )
    return Expert.objects.filter(is_available=True, user__is_active=True).exclude(pk__in=tied.values("pk"))
