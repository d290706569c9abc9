"""What pages and rules need to know about custodians."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role

from ..models import CustodianAppointment, CustodianKey, Tender, TrialShare
from ..rules.custodians import Candidate

PROCEDURE_ROLES = {Role.OFFICER, Role.APPROVER, Role.FINANCE}


def keys_in_use() -> QuerySet[CustodianKey]:
    """Keys that are not retired, with their trial and appointment."""
    return (
        CustodianKey.objects.filter(retired_at=None)
        .select_related("user", "body")
        .prefetch_related(
            Prefetch("trials", TrialShare.objects.order_by("pk"), to_attr="trial_list"),
            Prefetch(
                "appointments", CustodianAppointment.objects.filter(ended_at=None), to_attr="current_appointments"
            ),
        )
        .order_by("body__name", "pk")
    )


def candidates_for(tender: Tender, keys: Iterable[CustodianKey]) -> list[Candidate]:
    """Each key's holder as the rules see them for this tender. Keys come from `keys_in_use()`."""
    keys = list(keys)
    memberships = Membership.objects.filter(user_id__in=[key.user_id for key in keys], ended_at=None).select_related(
        "body"
    )
    by_user: dict[int, list[Membership]] = {}
    for membership in memberships:
        by_user.setdefault(membership.user_id, []).append(membership)
    return [_candidate(tender, key, by_user.get(key.user_id, [])) for key in keys]


def _candidate(tender: Tender, key: CustodianKey, memberships: list[Membership]) -> Candidate:
    parties = {tender.buyer_id, tender.agency_id}
    return Candidate(
        name=str(key.user),
        user_id=key.user_id,
        body_id=key.body_id,
        is_appointed=bool(key.current_appointments) and key.user.is_active,  # type: ignore[attr-defined]
        is_proved=is_proved(key),
        acts_in_procedure=any(m.body_id in parties and not PROCEDURE_ROLES.isdisjoint(m.roles) for m in memberships),
        acts_for_supplier=any(m.body.kind == BodyKind.ORGANIZATION for m in memberships),
    )


def is_proved(key: CustodianKey) -> bool:
    return any(trial.proved_at for trial in key.trial_list)  # type: ignore[attr-defined]


def named_keys(tender: Tender) -> list[CustodianKey]:
    return list(keys_in_use().filter(tenders__tender=tender).order_by("tenders__pk"))
