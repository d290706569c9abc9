"""Grant agreements: early ends, changes, money that is to be paid back."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.contracts import events
from marketplace.contracts.models import ChangeRequest, Payback
from marketplace.core.events import subscribe
from marketplace.web.templatetags.web import moment, yuan

from ..services import notify, people_of
from .contracts import SUPPLIERS, contract_by, contract_url


def project_ended(event: events.ProjectEnded) -> None:
    row = contract_by(event.contract_id)
    people = [*people_of([row.supplier_id], *SUPPLIERS), *people_of([row.buyer_id], Role.OFFICER, Role.FINANCE)]
    notify("project-ended", str(row.pk), people, url=contract_url(row), title=row.title, reason=row.end_reason)


def change_by(pk: int) -> ChangeRequest:
    return ChangeRequest.objects.select_related("contract").get(pk=pk)


def change_facts(row: ChangeRequest) -> dict[str, str]:
    return {
        "title": row.contract.title,
        "what": str(row.get_kind_display()),
        "state": str(row.get_status_display()),
        "reason": row.reason,
        "opinion": row.opinion,
    }


def change_asked(event: events.ChangeAsked) -> None:
    row = change_by(event.change_id)
    people = people_of([row.contract.buyer_id], Role.OFFICER)
    notify(
        "change-asked", str(row.pk), people, url=reverse("contracts:change-decide", args=[row.pk]), **change_facts(row)
    )


def change_decided(event: events.ChangeDecided) -> None:
    row = change_by(event.change_id)
    people = people_of([row.contract.supplier_id], *SUPPLIERS)
    notify("change-decided", str(row.pk), people, url=contract_url(row.contract), **change_facts(row))


def tell(kind: str, payback_id: int, *roles: str, to_buyer: bool = False) -> None:
    row = Payback.objects.select_related("contract").get(pk=payback_id)
    facts = {
        "title": row.contract.title,
        "amount": yuan(row.amount),
        "reason": row.reason,
        "due": moment(row.answer_due),
        "day": row.due_on.isoformat(),
    }
    body = row.contract.buyer_id if to_buyer else row.contract.supplier_id
    notify(kind, str(row.pk), people_of([body], *roles), url=contract_url(row.contract), **facts)


def payback_proposed(event: events.PaybackProposed) -> None:
    tell("payback-proposed", event.payback_id, Role.ORG_ADMIN)


def payback_demanded(event: events.PaybackDemanded) -> None:
    tell("payback-demanded", event.payback_id, Role.ORG_ADMIN)


def payback_settled(event: events.PaybackSettled) -> None:
    tell("payback-settled", event.payback_id, Role.OFFICER, Role.APPROVER, to_buyer=True)


def subscribe_all() -> None:
    for event, handler in (
        (events.ProjectEnded, project_ended),
        (events.ChangeAsked, change_asked),
        (events.ChangeDecided, change_decided),
        (events.PaybackProposed, payback_proposed),
        (events.PaybackDemanded, payback_demanded),
        (events.PaybackSettled, payback_settled),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
