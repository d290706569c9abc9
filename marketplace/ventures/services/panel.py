"""The panel: invitations, answers with the statements, conflicts, members who leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership, User
from marketplace.accounts.roles import Role
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..events import PanelAnswered, PanelInvited
from ..models import Assessment, AssessmentStatus, ConflictKind, MemberConflict, PanelMember, PanelRole, PanelStatus
from ..permissions.assessment import can_answer_seat, can_run_assessment, can_sit
from ..selectors.assessment import assessed, employer_conflicts
from .assessment import is_in

OPEN = (AssessmentStatus.PREPARING, AssessmentStatus.SCORING)


def invite_member(*, actor: Actor, assessment_id: int, email: str, role: str, employer: str = "") -> PanelMember:
    """Offers a seat to a person with a confirmed address; experts of the register among them (R-VENT-04)."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, *OPEN))
        user = _known(email)
        require(_is_free_of_office(user, row), _is_role(role))
        if row.members.filter(user=user).exists():
            raise MarketplaceError(_("This person has a seat in the panel already."), field="email")
        member = PanelMember.objects.create(
            assessment=row,
            user=user,
            role=role,
            employer=employer.strip(),
            invited_by_id=actor.user_id,
            invited_at=clock.now(),
        )
        log.record("panel.invited", member, actor, project=row.call.number, role=role)
        announce(PanelInvited(member.pk))
    return member


def _known(email: str) -> User:
    address = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True).select_related("user").first()
    if address is None or not address.user.is_active:
        raise MarketplaceError(
            _("Nobody has confirmed this address here. Ask the person to sign up with it first, then invite again."),
            field="email",
        )
    return address.user


def _is_role(role: str) -> Decision:
    return (
        ALLOWED if role in PanelRole.values else refuse(_("Choose one of the four seats."), "R-VENT-04", field="role")
    )


def _is_free_of_office(user: User, row: Assessment) -> Decision:
    """Whoever prepares or approves the decision does not score it."""
    roles = Membership.objects.filter(user=user, body_id=row.call.lead_id, ended_at=None).values_list(
        "roles", flat=True
    )
    if any({Role.OFFICER, Role.APPROVER} & set(held) for held in roles):
        return refuse(
            _("This person prepares or approves the decision of the lead and does not sit in the panel."),
            "R-COMM-09",
            field="email",
        )
    return ALLOWED


def answer_invitation(
    *,
    actor: Actor,
    member_id: int,
    accepts: bool,
    employer: str = "",
    keeps_secret: bool = False,
    conflicts: Mapping[object, str] | None = None,
    reason: str = "",
) -> PanelMember:
    """Accepts with employer, confidentiality statement and conflicts (application → why), or declines."""
    with transaction() as log:
        member = locked(PanelMember, member_id, "assessment__call", "user")
        require_permission(can_answer_seat(actor, member))
        if member.status != PanelStatus.INVITED:
            raise MarketplaceError(_("This invitation has been answered already."), code="wrong_state")
        require(is_in(member.assessment, *OPEN))
        if accepts:
            require(_is_whole(employer, keeps_secret))
            member.status, member.employer = PanelStatus.ACCEPTED, employer.strip()
            member.confidential_at = clock.now()
        else:
            member.status, member.decline_reason = PanelStatus.DECLINED, reason.strip()[:300]
        member.answered_at = clock.now()
        member.save()
        if accepts:
            record_employer_conflicts(log, actor, member.assessment, [member])
            _declare(log, actor, member, conflicts or {})
        log.record("panel.answered", member, actor, project=member.assessment.call.number, accepted=accepts)
        announce(PanelAnswered(member.pk))
    return member


def _is_whole(employer: str, keeps_secret: bool) -> Decision:
    if not employer.strip():
        return refuse(
            _("Write for whom you work (or «none»): its applications are kept from you."), "R-COMM-09", field="employer"
        )
    if not keeps_secret:
        return refuse(
            _("Confirm the statement of confidentiality; without it nobody sits in the panel."),
            "R-COMM-11",
            field="keeps_secret",
        )
    return ALLOWED


def declare_conflict(*, actor: Actor, member_id: int, application_id: UUID, note: str) -> MemberConflict:
    """A member names a tie to an application, also later. Its review goes to somebody else by the officer."""
    with transaction() as log:
        member = locked(PanelMember, member_id, "assessment__call")
        require_permission(can_sit(actor, member))
        if not note.strip():
            raise MarketplaceError(_("Write what ties you to it."), field="note", rule_id="R-COMM-09")
        _declare(log, actor, member, {application_id: note})
    return MemberConflict.objects.get(member=member, application_id=application_id)


def _declare(log: Log, actor: Actor, member: PanelMember, conflicts: Mapping[object, str]) -> None:
    rows = {str(row.pk): row for row in assessed(member.assessment)} if conflicts else {}
    for key, note in conflicts.items():
        application = rows.get(str(key))
        if application is None:
            raise MarketplaceError(_("This application is not assessed in this call."), field="conflicts")
        _note(log, actor, member, application.pk, ConflictKind.DECLARED, note.strip()[:300])


def record_employer_conflicts(log: Log, actor: Actor, assessment: Assessment, members: Iterable[PanelMember]) -> None:
    """Keeps every member away from the own employer's applications, whatever was declared."""
    for member, key in employer_conflicts(assessment, members):
        _note(log, actor, member, key, ConflictKind.EMPLOYER, "")


def _note(log: Log, actor: Actor, member: PanelMember, key: UUID, kind: str, note: str) -> None:
    row, is_new = MemberConflict.objects.get_or_create(
        member=member, application_id=key, defaults={"kind": kind, "note": note, "found_at": clock.now()}
    )
    if is_new:
        log.record("panel.conflict", member, actor, project=member.assessment.call.number, kind=row.kind)


def end_seat(*, actor: Actor, member_id: int, reason: str) -> PanelMember:
    """A member leaves; what was not handed in has to go to others."""
    with transaction() as log:
        member = locked(PanelMember, member_id, "assessment__call")
        require_permission(can_run_assessment(actor, member.assessment))
        require(is_in(member.assessment, *OPEN))
        if not reason.strip():
            raise MarketplaceError(_("Write why."), field="reason")
        member.status, member.decline_reason = PanelStatus.LEFT, reason.strip()[:300]
        member.save(update_fields=["status", "decline_reason"])
        log.record("panel.left", member, actor, project=member.assessment.call.number, reason=member.decline_reason)
    return member
