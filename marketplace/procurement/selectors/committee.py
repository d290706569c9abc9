"""Reads for forming a committee: who may represent the buyer, what is missing, how to call a member."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core.decisions import ALLOWED, Decision, first_refusal, refuse

from ..models import CommitteeMember, Lot, MemberKind
from ..rules.committee import Composition, composition, is_lawful
from .review import seated, values_of


def needed_for(lot: Lot) -> Composition:
    """Size of the committee and seats for experts, by the lot's budget and the tender's complexity."""
    tender = lot.tender
    return composition(lot.budget_amount, is_complex=tender.is_complex, limits=values_of(tender).limits)


def representative_choices(lot: Lot) -> list[User]:
    """People of the buyer who have not been asked for this lot."""
    people = User.objects.filter(is_active=True, memberships__ended_at=None, memberships__body_id=lot.tender.buyer_id)
    return list(people.exclude(committee_seats__lot=lot).distinct().order_by("name", "pk"))


def may_sit(lot: Lot, needed: Composition) -> Decision:
    """Whether the committee is complete: all seats accepted and declared (R-COMM-01 … -03, -09)."""
    members = list(seated(lot))
    experts = sum(member.kind == MemberKind.EXPERT for member in members)
    if (len(members), experts) == (needed.size, needed.experts):
        return ALLOWED
    return first_refusal(
        is_lawful(len(members), experts, needed),
        refuse(
            _("The committee is not complete: %(experts)s of %(wanted)s experts, %(seated)s of %(size)s members.")
            % {"experts": experts, "wanted": needed.experts, "seated": len(members), "size": needed.size},
            "R-COMM-01",
        ),
    )


def is_complete(lot: Lot) -> bool:
    """Whether every seat is filled: with a free one nothing is settled or compared (R-COMM-14)."""
    return bool(may_sit(lot, needed_for(lot)))


def hidden_name(member: CommitteeMember, position: int) -> str:
    """Before the result notice a member is a number (R-COMM-11)."""
    if member.kind == MemberKind.EXPERT:
        return _("Expert %(number)s") % {"number": position}
    return _("Representative %(number)s") % {"number": position}


def hidden_names(members: Sequence[CommitteeMember]) -> list[tuple[CommitteeMember, str]]:
    counts: dict[str, int] = {}
    named = []
    for member in members:
        counts[member.kind] = counts.get(member.kind, 0) + 1
        named.append((member, hidden_name(member, counts[member.kind])))
    return named
