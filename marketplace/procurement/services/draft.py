"""The draft of a tender, page by page. Each save names the version it started from, so that nobody's text is lost.

Saves of a draft are not entries of the log (design, section 5); what is submitted, returned and published is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.exceptions import MarketplaceError, NotFound, StaleVersion
from marketplace.core.locking import locked
from marketplace.core.money import check_unit
from marketplace.core.rules.time import far_date
from marketplace.core.workcalendar import calendar
from marketplace.documents.models import Document, StoredFile
from marketplace.lifecycle.drafts import Pages, Row, RowKind, Saved, count, require_fresh
from marketplace.planning.models import ListedItem
from marketplace.planning.permissions import can_edit_list

from ..boilerplate import PAYMENT, contract_terms_for
from ..models import (
    Criterion,
    CriterionKind,
    EligibilityCondition,
    Lot,
    MilestonePlan,
    Tender,
    TenderStatus,
    WarningReason,
)
from ..permissions.tender import can_prepare_tender
from ..rules.completeness import likely_amount
from ..rules.timetable import Timetable, propose, timetable_decisions
from ..selectors.tender import criteria_rows_query, item_left, rules_of

ATTACHMENT = "tender_attachment"
ATTACHMENTS = "attachments"  # the place in the draft where they are saved

FIELDS: dict[str, tuple[str, ...]] = {
    "needs": ("title", "needs"),
    "service": ("service_place", "service_from", "service_to", "quality"),
    "basis": ("negative_list_confirmed", "public_consultation", "is_complex", "survey_parties"),
    "lots": ("budget_amount",),
    "eligibility": (),
    "price": ("price_weight", "rounding_places", "abnormal_raise"),
    "milestones": ("payment_terms",),
    "timetable": ("planned_on", "documents_until", "deadline", "validity_days"),
    "documents": ("contract_terms",),
    "contacts": ("contact_name", "contact_phone", "agency_id", "agency_scope"),
}


PAGES = Pages(
    "tender",
    FIELDS,
    {
        "lots": RowKind(Lot, "lots", ("title", "needs", "budget_amount", "price_ceiling")),
        "eligibility": RowKind(EligibilityCondition, "conditions", ("text", "evidence")),
        "milestones": RowKind(MilestonePlan, "milestone_plans", ("name", "deliverable", "due_on", "share")),
    },
)


def create_tender(*, actor: Actor, item_id: int) -> Tender:
    """A draft from a published item of the year's list, filled with what the list and the rules already say.

    A second click answers the draft of the first: one on which nobody has written yet.
    """
    with transaction() as log:
        item = locked(ListedItem, item_id, "purchase_list__body", "budget_line__fund")
        require_permission(can_edit_list(actor, item.purchase_list))
        if item.published_at is None:
            raise MarketplaceError(_("Only an item of the published list can be tendered."), rule_id="R-PLAN-02")
        untouched = item.tenders.filter(status=TenderStatus.DRAFT, version=1, retender_of=None, submissions=None)
        earlier = untouched.filter(created_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        tender = _begin(actor, item)
        log.record("tender.begun", tender, actor, item=item.number)
    return tender


def _begin(actor: Actor, item: ListedItem) -> Tender:
    buyer, left = item.purchase_list.body, max(item_left(item), Decimal(0))
    tender = Tender.objects.create(
        item=item,
        buyer=buyer,
        title=item.name,
        needs=item.outline,
        budget_amount=left,
        payment_terms=PAYMENT,
        contract_terms=contract_terms_for(item),
        contact_name=buyer.contact_name,
        contact_phone=buyer.contact_phone,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    Lot.objects.create(tender=tender, position=1, title=item.name, needs=item.outline, budget_amount=left)
    Criterion.objects.create(
        tender=tender, position=99, kind=CriterionKind.PRICE, title="价格", points=tender.price_weight
    )
    propose_dates(tender)
    return tender


def propose_dates(tender: Tender) -> None:
    """Fill the timetable with the safe dates (R-TIME-05)."""
    tender.planned_on = clock.today()
    offer = propose(tender.planned_on, rules_of(tender, tender.planned_on), calendar())
    tender.documents_until, tender.deadline = offer.documents_until, offer.deadline
    tender.save(update_fields=["planned_on", "documents_until", "deadline"])


def read_step(tender: Tender, key: str) -> Saved:
    """What is stored for a page, in the shape in which it is saved."""
    return PAGES.read(tender, key)


def save_step(
    *,
    actor: Actor,
    tender_id: int,
    key: str,
    version: int,
    fields: Mapping[str, Any],
    rows: Sequence[Row] = (),
    confirmed: bool = False,
) -> Tender:
    """Writes one page of the draft. The same content again changes nothing; a stale version raises `StaleVersion`.

    `confirmed`: the officer has confirmed an amount that looked like 万元 typed for 元.
    """
    with _draft(actor, tender_id) as tender:
        wanted, current = PAGES.wanted(key, fields, rows), read_step(tender, key)
        if current == wanted:
            return tender
        require_fresh(tender, key, version, current)
        require(*_shape_decisions(tender, key, wanted, confirmed=confirmed))
        PAGES.write(tender, key, wanted)
        _after_save(tender, key)
        count(tender, key, actor.user_id)
    return tender


@contextmanager
def _draft(actor: Actor, tender_id: int) -> Iterator[Tender]:
    """The locked draft, for those who may write it."""
    with transaction():
        tender = locked(Tender, tender_id, "item__purchase_list", "item__budget_line__fund", "buyer")
        require_permission(can_prepare_tender(actor, tender))
        if tender.status == TenderStatus.DISCARDED:
            raise MarketplaceError(_("This draft was discarded. Take it up again first."), code="wrong_state")
        if tender.status != TenderStatus.DRAFT:
            raise MarketplaceError(
                _("This tender is no draft any more. Have it returned, or publish a correction."), code="wrong_state"
            )
        yield tender


def _after_save(tender: Tender, key: str) -> None:
    if key == "price":
        tender.criteria.filter(kind=CriterionKind.PRICE).update(points=tender.price_weight)


# What a page may not hold even as a draft: past days, unlawful dates, amounts in the wrong unit.


def _shape_decisions(tender: Tender, key: str, wanted: Saved, *, confirmed: bool) -> list[Decision]:
    if key == "lots":
        return _amount_decisions(tender, wanted, confirmed=confirmed)
    if key == "timetable":
        return _date_decisions(tender, wanted.fields)
    if key == "service":
        return [_not_past(wanted.fields[name], name) for name in ("service_from", "service_to")]
    if key == "milestones":
        return [_not_past(row["due_on"], "due_on") for row in wanted.rows]
    if key == "contacts":
        return [_is_agency(wanted.fields["agency_id"])]
    return []


def _amount_decisions(tender: Tender, wanted: Saved, *, confirmed: bool) -> list[Decision]:
    if confirmed:
        return []
    budget = wanted.fields["budget_amount"]
    decisions = [likely_amount(budget, tender.item.amount)] if budget is not None else []
    for row in wanted.rows:
        if row["price_ceiling"] is not None:
            decisions.append(check_unit(row["price_ceiling"], row["budget_amount"], field="price_ceiling"))
    return decisions


def _date_decisions(tender: Tender, fields: Mapping[str, Any]) -> list[Decision]:
    today = clock.today()
    issued_on = fields["planned_on"] or today
    plan = Timetable(issued_on, fields["documents_until"], fields["deadline"])
    chosen = {name for name in ("planned_on", "documents_until", "deadline") if fields[name] is not None}
    rules = rules_of(tender, issued_on)
    return [d for d in timetable_decisions(plan, rules, calendar(), clock.now()) if d.field in chosen]


def _not_past(day: date | None, field: str) -> Decision:
    today = clock.today()
    if day is None or day >= today:
        return allow()
    return refuse(
        _("%(day)s is over; today is %(today)s. Choose a day to come.") % {"day": day, "today": today},
        "R-TIME-07",
        due=today,
        field=field,
    )


def _is_agency(body_id: int | None) -> Decision:
    if body_id is None or Body.objects.filter(pk=body_id, kind=BodyKind.AGENCY).exclude(admitted_at=None).exists():
        return allow()
    return refuse(_("Choose an admitted procuring agent."), "R-SCOPE-10", field="agency_id")


# Criteria: a tree of two storeys, one criterion a page.


@dataclass(frozen=True)
class CriterionInput:
    group: str
    title: str
    kind: str
    points: Decimal
    description: str
    ranges: tuple[tuple[str, Decimal], ...]


def save_criterion(
    *, actor: Actor, tender_id: int, version: int, criterion_id: int | None, criterion: CriterionInput
) -> Criterion:
    """Adds or rewrites a scored criterion under its group; an empty group stands alone. The price has its own page."""
    with _draft(actor, tender_id) as tender:
        row = _criterion(tender, criterion_id)
        stored = criterion_input(row) if row else None
        twin = row if stored == criterion else _twin(tender, criterion) if row is None else None
        if twin is not None:
            return twin
        require_fresh(tender, criterion_key(criterion_id), version, stored)
        _require_leaf_kind(criterion.kind)
        row = row or Criterion(tender=tender, position=_next_position(tender))
        earlier, row.parent = row.parent, _group(tender, criterion.group)
        row.title, row.kind, row.points = criterion.title, criterion.kind, criterion.points
        row.description = criterion.description
        row.save()
        row.ranges.all().delete()
        for position, (text, points) in enumerate(criterion.ranges, start=1):
            row.ranges.create(position=position, text=text, points=points)
        _tidy({earlier, row.parent})
        count(tender, criterion_key(row.pk), actor.user_id)
    return row


def remove_criterion(*, actor: Actor, tender_id: int, criterion_id: int) -> None:
    """Takes a criterion out of the draft. A second call changes nothing."""
    with _draft(actor, tender_id) as tender:
        row = tender.criteria.filter(pk=criterion_id).exclude(kind=CriterionKind.PRICE).first()
        if row is not None:
            group = row.parent
            row.delete()
            _tidy({group})
            count(tender, "criteria", actor.user_id)


def criterion_key(criterion_id: int | None) -> str:
    """Two officers may write two criteria at once; only the same one can be stale."""
    return f"criterion-{criterion_id}" if criterion_id else "criterion-new"


def criterion_input(row: Criterion) -> CriterionInput:
    return CriterionInput(
        group=row.parent.title if row.parent else "",
        title=row.title,
        kind=row.kind,
        points=row.points,
        description=row.description,
        ranges=tuple((r.text, r.points) for r in row.ranges.order_by("position")),
    )


def _criterion(tender: Tender, criterion_id: int | None) -> Criterion | None:
    if criterion_id is None:
        return None
    return locked(Criterion, tender.criteria.filter(pk=criterion_id).values_list("pk", flat=True).first() or 0)


def _twin(tender: Tender, criterion: CriterionInput) -> Criterion | None:
    """The same criterion, word for word: a second click adds nothing."""
    rows = criteria_rows_query().filter(tender=tender, title=criterion.title, kind=criterion.kind)
    return next((row for row in rows if criterion_input(row) == criterion), None)


def _require_leaf_kind(kind: str) -> None:
    if kind not in (CriterionKind.OBJECTIVE, CriterionKind.JUDGEMENT):
        raise MarketplaceError(_("A criterion is objective or a judgement; the price has its own page."), field="kind")


def _next_position(tender: Tender) -> int:
    last = tender.criteria.exclude(kind=CriterionKind.PRICE).aggregate(last=models.Max("position"))["last"]
    return (last or 0) + 1


def _group(tender: Tender, title: str) -> Criterion | None:
    if not title.strip():
        return None
    group = tender.criteria.filter(parent=None, title=title.strip()).exclude(children=None).first()
    return group or Criterion.objects.create(
        tender=tender, position=_next_position(tender), title=title.strip(), points=Decimal(0)
    )


def _tidy(groups: set[Criterion | None]) -> None:
    """A group carries the sum of its criteria, and goes with the last of them."""
    for group in groups - {None}:
        children = list(group.children.all())  # type: ignore[union-attr]
        if not children:
            group.delete()  # type: ignore[union-attr]
            continue
        group.points = sum(child.points for child in children)  # type: ignore[union-attr]
        group.save(update_fields=["points"])  # type: ignore[union-attr]


# Files, mandate, reasons.


def add_attachment(*, actor: Actor, tender_id: int, title: str, file: StoredFile) -> Document:
    """Puts an uploaded file into the documents; the same title again is its next version, the same file nothing."""
    with _draft(actor, tender_id) as tender:
        last = _attachments(tender).filter(title=title, removed_at=None).order_by("-version").first()
        if last is not None and last.file.sha256 == file.sha256:
            return last
        document = Document.objects.create(
            subject=f"procurement.tender:{tender.pk}",
            kind=ATTACHMENT,
            title=title,
            version=next_version(tender, title),
            file=file,
            created_at=clock.now(),
        )
        count(tender, ATTACHMENTS, actor.user_id)
    return document


def remove_attachment(*, actor: Actor, tender_id: int, document_id: int, version: int) -> Document:
    """Takes an attachment out of the draft, with its earlier versions; it stays in the record, with who and when.

    What is published stays: only a draft has something taken out. A second click changes nothing.
    """
    with _draft(actor, tender_id) as tender:
        document = _attachment(tender, document_id)
        if document.removed_at is not None:
            return document
        require_fresh(tender, ATTACHMENTS, version, document)
        standing = _attachments(tender).filter(title=document.title, removed_at=None)
        standing.update(removed_at=clock.now(), removed_by_id=actor.user_id)
        count(tender, ATTACHMENTS, actor.user_id)
        document.refresh_from_db()
    return document


def put_attachment_back(*, actor: Actor, tender_id: int, document_id: int, version: int) -> Document:
    """Undoes `remove_attachment` for this version, unless another file stands under its title by now."""
    with _draft(actor, tender_id) as tender:
        document = _attachment(tender, document_id)
        if document.removed_at is None:
            return document
        require_fresh(tender, ATTACHMENTS, version, document)
        if _attachments(tender).filter(title=document.title, removed_at=None).exists():
            raise MarketplaceError(
                _("Another file stands under the title «%(title)s» now. Take that one out first.")
                % {"title": document.title}
            )
        document.removed_at, document.removed_by = None, None
        document.save(update_fields=["removed_at", "removed_by"])
        count(tender, ATTACHMENTS, actor.user_id)
    return document


def _attachments(tender: Tender) -> models.QuerySet[Document]:
    subject = f"procurement.tender:{tender.pk}"
    return Document.objects.filter(subject=subject, kind=ATTACHMENT).select_related("file")


def _attachment(tender: Tender, document_id: int) -> Document:
    document = _attachments(tender).filter(pk=document_id).first()
    if document is None:
        raise NotFound("")
    return document


def next_version(tender: Tender, title: str) -> int:
    """Versions that were taken out keep their numbers."""
    return 1 + (_attachments(tender).filter(title=title).aggregate(last=models.Max("version"))["last"] or 0)


def attach_mandate(*, actor: Actor, tender_id: int, file: StoredFile) -> Tender:
    """The signed mandate of the agent (R-SCOPE-10)."""
    with _draft(actor, tender_id) as tender:
        tender.agency_mandate = file
        tender.save(update_fields=["agency_mandate"])
        count(tender, "mandate", actor.user_id)
    return tender


def give_reason(*, actor: Actor, tender_id: int, rule_id: str, reason: str, version: int = 0) -> WarningReason:
    """Why a warning is passed; the second officer reads it, and it stays with the project.

    `version`: of the reason that the form showed, 0 for none; a colleague's reason is never written over unseen.
    """
    with _draft(actor, tender_id) as tender:
        if not reason.strip():
            raise MarketplaceError(_("Write the reason."), field="reason", rule_id=rule_id)
        row = tender.reasons.filter(rule_id=rule_id).select_related("given_by").first()
        if row is not None and row.reason == reason.strip():
            return row
        if row is not None and row.version != version:
            raise StaleVersion(_("Somebody else has given a reason meanwhile."), current=row)
        row = row or WarningReason(tender=tender, rule_id=rule_id, version=0)
        row.reason, row.given_by_id, row.given_at = reason.strip(), actor.user_id, clock.now()
        row.version += 1
        row.save()
        count(tender, "reasons", actor.user_id)
    return row


def proposed_milestones(tender: Tender) -> list[dict[str, Any]]:
    """Three payments over the term (R-VENT-09's usual 50/40/10), for a draft that has none yet."""
    if tender.service_from is None or tender.service_to is None:
        return []
    middle = tender.service_from + (tender.service_to - tender.service_from) / 2
    start = tender.service_from + timedelta(days=30)
    rows = (("启动", "服务方案、人员到位", start, 50), ("中期", "中期服务报告及佐证", middle, 40))
    last = ("结项", "结项报告、决算与满意度调查", tender.service_to, 10)
    return [
        {"name": name, "deliverable": what, "due_on": far_date(day, calendar()).day, "share": Decimal(share)}
        for name, what, day, share in (*rows, last)
    ]
