"""The bank account that payments go to: changed by one person, confirmed by a second where there is one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import Role
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..events import AccountChanged
from ..models import AccountChange, Organization, OrganizationChange
from ..permissions import can_change_organization, can_confirm_account, can_see_organization
from ..rules.registration import check_account
from .organizations import own_organization


def propose_account(*, actor: Actor, organization_id: int, bank_name: str, bank_account: str) -> AccountChange:
    """Enter a new account. Where the organization has a second person who may, that person confirms it first."""
    with audit.transaction() as log:
        organization = own_organization(actor, organization_id)
        require_permission(can_change_organization(actor, organization))
        require(check_account(bank_name, bank_account))
        number = "".join(bank_account.split())
        if (organization.bank_name, organization.bank_account) == (bank_name.strip(), number):
            require(refuse(_("This account is in force already."), field="bank_account"))
        if organization.account_changes.filter(confirmed_at=None, rejected_at=None).exists():
            require(refuse(_("Another change of the account waits for its confirmation. Decide on that one first.")))
        change = AccountChange.objects.create(
            organization=organization,
            bank_name=bank_name.strip(),
            bank_account=number,
            proposed_by_id=actor.user_id,
            proposed_at=clock.now(),
        )
        log.record("organization.account_proposed", organization, actor)
        if not second_people(organization, actor.user_id):
            _put_in_force(log, actor, change, confirmed_by=None)
        return change


def confirm_account(*, actor: Actor, change_id: int) -> AccountChange:
    with audit.transaction() as log:
        change = _pending(actor, change_id)
        require_permission(can_confirm_account(actor, change))
        _put_in_force(log, actor, change, confirmed_by=actor.user_id)
        return change


def reject_account(*, actor: Actor, change_id: int) -> AccountChange:
    """Take a proposed account back: by the proposer, or refused by the second person."""
    with audit.transaction() as log:
        change = _pending(actor, change_id)
        if actor.user_id != change.proposed_by_id:
            require_permission(can_confirm_account(actor, change))
        change.rejected_at = clock.now()
        change.save(update_fields=["rejected_at"])
        log.record("organization.account_rejected", change.organization, actor)
        return change


def second_people(organization: Organization, user_id: int) -> list[Membership]:
    """Who could confirm what this person typed in."""
    members = Membership.objects.current().filter(body=organization.body, user__is_active=True).exclude(user_id=user_id)
    return [member for member in members if not {Role.ORG_ADMIN, Role.BIDDER}.isdisjoint(member.roles)]


def _pending(actor: Actor, change_id: int) -> AccountChange:
    change = locked(AccountChange, change_id)
    change.organization = locked(Organization, change.organization_id, "body")
    if not can_see_organization(actor, change.organization):
        raise NotFound("")
    if not change.is_pending:
        require(refuse(_("This change has been decided already.")))
    return change


def _put_in_force(log: Log, actor: Actor, change: AccountChange, *, confirmed_by: int | None) -> None:
    organization, now = change.organization, clock.now()
    change.confirmed_at, change.confirmed_by_id = now, confirmed_by
    change.save(update_fields=["confirmed_at", "confirmed_by"])
    kept = [("bank_name", change.bank_name), ("bank_account", change.bank_account)]
    OrganizationChange.objects.bulk_create(
        OrganizationChange(
            organization=organization,
            field=name,
            before=getattr(organization, name),
            after=value,
            changed_by_id=change.proposed_by_id,
            changed_at=now,
        )
        for name, value in kept
        if getattr(organization, name) != value
    )
    organization.bank_name, organization.bank_account = change.bank_name, change.bank_account
    organization.account_changed_at = now
    organization.save(update_fields=["bank_name", "bank_account", "account_changed_at"])
    log.record("organization.account_changed", organization, actor, by_two=confirmed_by is not None)
    announce(AccountChanged(organization.pk))
