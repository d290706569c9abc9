"""What the rules and the pages want to know about agreements, read from the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.audit.log import subject_of
from marketplace.core.decisions import Decision
from marketplace.documents.generation import latest_document
from marketplace.documents.models import Document, Signature
from marketplace.funds.models import BudgetLine
from marketplace.funds.rules.ledger import LineBalance
from marketplace.funds.selectors import AgreementMoney, agreements_money, summed
from marketplace.ventures.models import Application, ApplicationStatus, Call, CallPot, Grant, GrantShare

from .models import Agreement, AgreementStatus, DrawOrder, Payment, PaymentState, Refund, RefundStatus
from .models.agreement import OPEN_STATES
from .rules.agreement import AgreementFacts, check_list
from .rules.draws import draw, may_name

ZERO = Decimal("0.00")
ON_THE_WAY = (RefundStatus.ASKED, RefundStatus.APPROVED, RefundStatus.SENT, RefundStatus.DONE)


def sponsors_to_choose() -> list[Body]:
    """Admitted sponsors, and organizations: a foundation stands in the register of organizations."""
    rows = Body.objects.filter(kind__in=(BodyKind.SPONSOR, BodyKind.ORGANIZATION)).admitted()
    return list(rows.order_by("kind", "name"))


def pots_to_choose(call: Call) -> list[CallPot]:
    pots = call.pots.select_related("budget_line__fund")
    return [pot for pot in pots if pot.budget_line.fund.is_external]


def promised_to(pot_ids: Iterable[int], *, without: int | None = None) -> dict[int, Decimal]:
    """Open promises by pot; what was called in counts with what was called in."""
    rows = Agreement.objects.filter(pot_id__in=list(pot_ids), status__in=OPEN_STATES).exclude(pk=without or 0)
    sums: dict[int, Decimal] = {}
    for row in rows:
        sums[row.pot_id] = sums.get(row.pot_id, ZERO) + row.to_pay
    return sums


def facts_of(agreement: Agreement) -> AgreementFacts:
    pot = agreement.pot
    others = Agreement.objects.filter(pot=pot, status__in=OPEN_STATES).exclude(pk=agreement.pk)
    applies = Application.objects.filter(call=agreement.call_id, body_id=agreement.sponsor_id)
    return AgreementFacts(
        kind=agreement.kind,
        pot_kind=pot.budget_line.fund.kind,
        amount=agreement.amount,
        pot_room=pot.amount - promised_to([pot.pk], without=agreement.pk).get(pot.pk, ZERO),
        match_rule=agreement.match_rule,
        match_cap=agreement.match_cap,
        draw_order=agreement.draw_order,
        orders_of_pot=sorted(set(others.values_list("draw_order", flat=True))),
        has_related=agreement.has_related,
        related_text=agreement.related_text,
        sponsor_applies=applies.exclude(status__in=(ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)).exists(),
        payee_name=agreement.payee_name,
        bank_name=agreement.bank_name,
        bank_account=agreement.bank_account,
        has_purpose=bool(agreement.restriction.strip()) or agreement.themes.exists(),
    )


def checks_of(agreement: Agreement) -> list[Decision]:
    return check_list(facts_of(agreement))


def agreement_document(agreement: Agreement) -> Document | None:
    """The PDF of the text that was offered last; None while it is being made."""
    document = latest_document("sponsorship_agreement", agreement)
    if document is None or agreement.offered_at is None or document.version < agreement.offered_version:
        return None
    return document


def signed_sides(document: Document | None) -> set[int]:
    if document is None:
        return set()
    return set(Signature.objects.filter(document=document).values_list("body_id", flat=True))


def public_grants(call_id: int) -> Decimal:
    """What the lottery and fiscal pots of the call grant."""
    rows = GrantShare.objects.filter(pot__call_id=call_id, pot__budget_line__fund__kind__in=("lottery", "fiscal"))
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def gone_of(payment: Payment, *, without: int | None = None) -> Decimal:
    """What of a payment went back or is on its way."""
    rows = Refund.objects.filter(payment=payment, status__in=ON_THE_WAY).exclude(pk=without or 0)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def line_balance(line_id: int) -> LineBalance:
    return summed(BudgetLine.objects.with_sums().get(pk=line_id))


def public_name(agreement: Agreement) -> str:
    """As the public reads it."""
    return _("anonymous") if agreement.is_anonymous else agreement.sponsor.name


# The public picture of a call's money


@dataclass
class Draw:
    """What one project gets of one agreement."""

    agreement: Agreement
    amount: Decimal
    names: bool

    @property
    def who(self) -> str:
        return public_name(self.agreement)


@dataclass
class ProjectMoney:
    number: str
    title: str
    organization: str
    amount: Decimal
    draws: list[Draw] = field(default_factory=list)


@dataclass
class PotMoney:
    """One pot: its pocket, what was promised, what came in, what is granted."""

    pot: CallPot
    promised: Decimal
    received: Decimal
    granted: Decimal
    projects: list[ProjectMoney] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.pot.budget_line.fund.get_kind_display()

    @property
    def is_external(self) -> bool:
        return self.pot.budget_line.fund.is_external

    @property
    def there(self) -> Decimal:
        """What may be granted: approved, or promised by agreement."""
        return min(self.pot.amount, self.promised) if self.is_external else self.pot.amount

    @property
    def balance(self) -> Decimal:
        return self.there - self.granted

    @property
    def shortfall(self) -> Decimal:
        return max(-self.balance, ZERO)


@dataclass
class CallMoney:
    call: Call
    pots: list[PotMoney]
    agreements: list[tuple[Agreement, AgreementMoney]]

    def total(self, name: str) -> Decimal:
        return sum((getattr(pot, name) for pot in self.pots), ZERO)

    @property
    def planned(self) -> Decimal:
        return sum((pot.pot.amount for pot in self.pots), ZERO)

    @property
    def there(self) -> Decimal:
        return self.total("there")

    @property
    def received(self) -> Decimal:
        return self.total("received")

    @property
    def granted(self) -> Decimal:
        return self.total("granted")

    @property
    def balance(self) -> Decimal:
        return self.total("balance")

    @property
    def shortfall(self) -> Decimal:
        return self.total("shortfall")


def call_money(call: Call) -> CallMoney:
    """Pockets, promises, receipts, use. A constant number of queries."""
    pots = list(call.pots.select_related("budget_line__fund__body", "theme"))
    agreements = list(
        Agreement.objects.public()
        .filter(call=call)
        .select_related("sponsor", "sponsor__sponsor_profile", "pot")
        .order_by("signed_at", "pk")
    )
    money = agreements_money(agreements)
    of = {row.pk: money.get(subject_of(row), AgreementMoney()) for row in agreements}
    grants = list(
        Grant.objects.filter(application__call=call)
        .select_related("application__body")
        .prefetch_related("shares")
        .order_by("number")
    )
    rows = [_pot_money(pot, [row for row in agreements if row.pot_id == pot.pk], of, grants) for pot in pots]
    return CallMoney(call, rows, [(row, of[row.pk]) for row in agreements])


def _pot_money(
    pot: CallPot, agreements: Sequence[Agreement], money: dict[int, AgreementMoney], grants: Sequence[Grant]
) -> PotMoney:
    shares = [(grant, share.amount) for grant in grants for share in grant.shares.all() if share.pot_id == pot.pk]
    promised = sum((money[row.pk].promised - money[row.pk].returned for row in agreements), ZERO)
    received = sum((money[row.pk].kept for row in agreements), ZERO)
    granted = sum((amount for _grant, amount in shares), ZERO)
    answer = PotMoney(pot, promised, received, granted)
    usable = [row for row in agreements if row.status in OPEN_STATES]
    sums = [row.to_pay for row in usable]
    is_covered = bool(usable) and granted <= sum(sums, ZERO)
    in_proportion = is_covered and usable[0].draw_order == DrawOrder.PRO_RATA
    parts: Any = draw([amount for _g, amount in shares], sums, in_proportion=in_proportion) if is_covered else None
    for place, (grant, amount) in enumerate(shares):
        row = ProjectMoney(grant.number, grant.application.title, grant.application.body.name, amount)
        for agreement, part in zip(usable, parts[place], strict=True) if parts else ():
            if part:
                names = bool(agreement.naming) and may_name(part, grant.amount)
                row.draws.append(Draw(agreement, part, names))
        answer.projects.append(row)
    return answer


# Sponsors in public


@dataclass
class SponsorRow:
    name: str
    code: str
    count: int = 0
    promised: Decimal = ZERO
    received: Decimal = ZERO


def sponsor_rows() -> list[SponsorRow]:
    """Each named sponsor once; all anonymous ones in one row. Two queries."""
    agreements = list(Agreement.objects.public().select_related("sponsor__sponsor_profile").order_by("sponsor__name"))
    money = agreements_money(agreements)
    rows: dict[str, SponsorRow] = {}
    for row in agreements:
        key = "" if row.is_anonymous else row.sponsor.sponsor_profile.code
        found = rows.setdefault(key, SponsorRow(public_name(row), key))
        sums = money.get(subject_of(row), AgreementMoney())
        found.count += 1
        found.promised += sums.promised
        found.received += sums.kept
    return sorted(rows.values(), key=lambda row: (not row.code, -row.received, row.name))


def payments_of_year(body_id: int, year: int) -> QuerySet[Payment]:
    rows = Payment.objects.filter(agreement__sponsor_id=body_id, booked_at__year=year)
    return rows.filter(state=PaymentState.BOOKED).select_related("agreement__call__lead").order_by("booked_at", "pk")


def refunds_of_year(body_id: int, year: int) -> QuerySet[Refund]:
    rows = Refund.objects.filter(payment__agreement__sponsor_id=body_id, done_at__year=year, status=RefundStatus.DONE)
    return rows.select_related("payment__agreement__call__lead").order_by("done_at", "pk")


def lapsed_short(body_id: int) -> QuerySet[Agreement]:
    """Lapsed agreements whose pot grants money: somebody must find it elsewhere."""
    rows = Agreement.objects.filter(call__lead_id=body_id, status=AgreementStatus.LAPSED)
    return rows.filter(Q(pot__grant_shares__isnull=False)).select_related("call", "pot").distinct()
