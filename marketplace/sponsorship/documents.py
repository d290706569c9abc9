"""The PDFs of the room and who may read them: agreement, receipt, yearly statement of a sponsor."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.documents import access
from marketplace.documents.generation import Blueprint, register
from marketplace.documents.models import Document

from .models import Agreement, Payment, SponsorProfile
from .selectors import payments_of_year, refunds_of_year

YEARS = range(2024, 2061)
ZERO = Decimal("0.00")


def register_all() -> None:
    register("sponsorship_agreement", agreement_pdf)
    register("sponsorship_receipt", receipt_pdf)
    for year in YEARS:
        register(statement_kind(year), partial(statement_pdf, year=year))
    access.register_subject("sponsorship.agreement", can_read_agreement)
    access.register_subject("sponsorship.payment", can_read_payment)
    access.register_subject("sponsorship.sponsorprofile", can_read_statement)


def statement_kind(year: int) -> str:
    return f"sponsor_statement_{year}"


def agreement_pdf(agreement: Agreement) -> Blueprint:
    title = f"{agreement.get_kind_display()} {agreement.number}"
    context = {
        "title": title,
        "number": agreement.call.number,
        "agreement": agreement,
        "call": agreement.call,
        "parties": [
            (_("Party A (lead of the call)"), agreement.call.lead),
            (_("Party B (sponsor or donor)"), agreement.sponsor),
        ],
        "themes": [row.theme.title for row in agreement.themes.select_related("theme")],
    }
    return Blueprint("documents/sponsorship_agreement.html", context, title)


def receipt_pdf(payment: Payment) -> Blueprint:
    agreement = payment.agreement
    assert agreement is not None
    title = _("Receipt for %(number)s") % {"number": agreement.number}
    context = {"title": title, "number": agreement.call.number, "payment": payment, "agreement": agreement}
    return Blueprint("documents/sponsorship_receipt.html", context, title)


def statement_pdf(profile: SponsorProfile, year: int) -> Blueprint:
    """What a sponsor paid and got back in a year."""
    title = _("Yearly statement %(year)d: %(sponsor)s") % {"year": year, "sponsor": profile.body.name}
    payments, refunds = list(payments_of_year(profile.body_id, year)), list(refunds_of_year(profile.body_id, year))
    paid = sum((row.amount for row in payments), ZERO)
    gone = sum((row.amount for row in refunds), ZERO)
    context = {
        "title": title,
        "profile": profile,
        "year": year,
        "payments": payments,
        "refunds": refunds,
        "paid": paid,
        "gone": gone,
        "kept": paid - gone,
    }
    return Blueprint("documents/sponsor_statement.html", context, title)


def can_read_agreement(actor: Actor, document: Document) -> bool:
    return Agreement.objects.visible_to(actor).filter(pk=int(access.subject_key(document))).exists()


def can_read_payment(actor: Actor, document: Document) -> bool:
    visible = Agreement.objects.visible_to(actor).values("pk")
    return Payment.objects.filter(pk=int(access.subject_key(document)), agreement__in=visible).exists()


def can_read_statement(actor: Actor, document: Document) -> bool:
    profile = SponsorProfile.objects.filter(pk=int(access.subject_key(document))).first()
    own = profile is not None and profile.body_id == actor.body_id and actor.has(Role.ORG_ADMIN)
    return own or actor.has(Role.AUDITOR)
