"""What each kind of notice must say (rules.md section 20, 财办库〔2020〕50号): fields, order, labels, rule.

A service hands over `data`: the value of each field by its name. Values are plain: text, an amount as a string of
yuan («1860000.00»), a date or moment in ISO 8601, a list of texts, or a table: a list of rows, each a mapping of
the field's columns. A field that the law wants and that has nothing to say says so («无»): silence is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from .models import NoticeKind


class Shape(Enum):
    """How a value is written and shown."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    MOMENT = "moment"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True)
class Field:
    """One field of a notice; tables have columns of their own. An optional one that is empty is left out, unless
    the form of the notice has it always (`says_none`)."""

    name: str
    label: Any
    shape: Shape = Shape.TEXT
    required: bool = True
    columns: tuple[Field, ...] = ()
    says_none: bool = False


@dataclass(frozen=True)
class Section:
    heading: Any
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Blueprint:
    """The form of one kind of notice."""

    kind: NoticeKind
    rule_id: str
    sections: tuple[Section, ...]
    notice_days: int = 0

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields


def optional(name: str, label: Any, shape: Shape = Shape.TEXT, columns: tuple[Field, ...] = ()) -> Field:
    return Field(name, label, shape, required=False, columns=columns)


PROJECT = (
    Field("project_number", _("Project number")),
    Field("project_name", _("Project name")),
)
CONTACTS = Section(
    _("Contacts"),
    (
        Field("buyer_contact", _("Buyer")),
        Field("agent_contact", _("Procuring agent"), required=False, says_none=True),
        Field("project_contact", _("Contact for the project")),
    ),
)
OTHER = Section(_("Other"), (Field("other", _("Other matters"), required=False, says_none=True),))
LOTS = (
    Field("number", _("Lot")),
    Field("title", pgettext_lazy("column", "Name")),
    Field("budget", _("Budget (yuan)"), Shape.MONEY),
    Field("ceiling", _("Ceiling price (yuan)"), Shape.MONEY, required=False),
    Field("needs", _("Needs"), required=False),
)

INTENTION = Blueprint(
    NoticeKind.INTENTION,
    "R-NOTICE-01",
    (
        Section(
            _("What is to be bought"),
            (
                Field("unit", _("Buyer")),
                Field(
                    "items",
                    _("Items"),
                    Shape.TABLE,
                    columns=(
                        Field("name", pgettext_lazy("column", "Name")),
                        Field("outline", _("Outline of needs")),
                        Field("budget_wan", _("Budget (10,000 yuan)")),
                        Field("planned_month", _("Planned month"), Shape.MONTH),
                        Field("note", _("Note"), required=False),
                    ),
                ),
            ),
        ),
        Section(_("Please note"), (Field("disclaimer", _("Disclaimer")),)),
    ),
)

TENDER = Blueprint(
    NoticeKind.TENDER,
    "R-NOTICE-03",
    (
        Section(_("Overview"), (Field("overview", _("Overview")),)),
        Section(
            _("The project"),
            (
                *PROJECT,
                optional("method", _("Method")),
                Field("budget", _("Budget (yuan)"), Shape.MONEY),
                Field("ceiling", _("Ceiling price (yuan)"), Shape.MONEY),
                Field("needs", _("Needs")),
                optional("lots", _("Lots"), Shape.TABLE, LOTS),
                Field("term", _("Term of the contract")),
                Field("joint_bids", _("Joint bids")),
            ),
        ),
        Section(
            _("Who may bid"),
            (
                Field("eligibility_law", _("By article 22 of the Government Procurement Law")),
                Field("eligibility_policy", _("By procurement policy")),
                Field("eligibility_specific", _("For this project"), Shape.LIST),
            ),
        ),
        Section(
            _("Tender documents"),
            (
                Field("documents_time", _("When")),
                Field("documents_place", _("Where")),
                Field("documents_way", _("How")),
                Field("documents_price", _("Price")),
            ),
        ),
        Section(
            _("Bids and opening"),
            (
                Field("deadline", _("Deadline for bids"), Shape.MOMENT),
                Field("opening_time", _("Opening"), Shape.MOMENT),
                Field("opening_place", _("Place of the opening")),
            ),
        ),
        Section(_("Notice period"), (Field("notice_period", _("Notice period")),)),
        OTHER,
        CONTACTS,
    ),
    notice_days=5,
)

RESULT = Blueprint(
    NoticeKind.RESULT,
    "R-NOTICE-05",
    (
        Section(_("The project"), PROJECT),
        Section(
            _("The winner"),
            (
                Field("winner_name", _("Winner")),
                Field("winner_address", _("Address")),
                Field("amount", _("Amount (yuan)"), Shape.MONEY),
                Field("total_score", _("Total score")),
            ),
        ),
        Section(
            _("What was bought"),
            (
                Field("service_name", pgettext_lazy("column", "Name")),
                Field("service_scope", _("Scope")),
                Field("service_requirement", _("Requirements")),
                Field("service_time", _("Time of service")),
                Field("service_standard", _("Standard")),
            ),
        ),
        Section(
            _("The review"),
            (
                Field("experts", _("Reviewers"), Shape.LIST),
                optional(
                    "scores",
                    _("All bidders"),
                    Shape.TABLE,
                    (
                        Field("bidder", _("Bidder")),
                        Field("price", _("Price read out (yuan)"), Shape.MONEY),
                        Field("total", _("Total score")),
                        Field("rank", _("Rank")),
                    ),
                ),
                Field("agent_fee", _("Agent's fee: standard and amount")),
            ),
        ),
        Section(_("Notice period"), (Field("notice_period", _("Notice period")),)),
        OTHER,
        CONTACTS,
        Section(_("Attachments"), (optional("attachments", _("Attachments"), Shape.LIST),)),
    ),
    notice_days=1,
)

CORRECTION = Blueprint(
    NoticeKind.CORRECTION,
    "R-NOTICE-06",
    (
        Section(
            _("The project"),
            (
                Field("original_number", _("Original project number")),
                Field("original_name", _("Original project name")),
                Field("first_notice_date", _("Date of the first notice"), Shape.DATE),
            ),
        ),
        Section(
            _("What is corrected"),
            (
                Field("corrected_thing", _("What is corrected")),
                Field(
                    "changes",
                    _("Changes"),
                    Shape.TABLE,
                    columns=(
                        Field("item", _("Item")),
                        Field("before", _("Before")),
                        Field("after", _("After")),
                    ),
                ),
                optional("reason", _("Cause")),
                Field("correction_date", _("Date of the correction"), Shape.DATE),
                optional("new_deadline", _("New deadline for bids"), Shape.MOMENT),
            ),
        ),
        OTHER,
        CONTACTS,
    ),
)

TERMINATION = Blueprint(
    NoticeKind.TERMINATION,
    "R-NOTICE-07",
    (
        Section(_("The project"), PROJECT),
        Section(_("Why it ends"), (Field("reason", _("Cause")),)),
        OTHER,
        CONTACTS,
    ),
)

VOID = Blueprint(
    NoticeKind.VOID,
    "R-NOTICE-07",
    (
        Section(_("The project"), (*PROJECT, Field("lot", _("Lot")))),
        Section(_("Why it is void"), (Field("reason", _("Cause")), optional("next_step", _("What comes next")))),
        OTHER,
        CONTACTS,
    ),
)

CONTRACT = Blueprint(
    NoticeKind.CONTRACT,
    "R-NOTICE-08",
    (
        Section(
            _("Contract and project"),
            (Field("contract_number", _("Contract number")), Field("contract_name", _("Contract name")), *PROJECT),
        ),
        Section(
            _("The parties"),
            (
                Field("buyer_name", _("Buyer")),
                Field("buyer_address", _("Buyer's address")),
                Field("buyer_contact", _("Buyer's contact")),
                Field("supplier_name", _("Supplier")),
                Field("supplier_address", _("Supplier's address")),
                Field("supplier_contact", _("Supplier's contact")),
            ),
        ),
        Section(
            _("Main terms"),
            (
                Field("object", _("Main object")),
                Field("requirement", _("Specification or requirements of the service")),
                Field("quantity", _("Quantity")),
                Field("unit_price", _("Unit price")),
                Field("amount", _("Amount (yuan)"), Shape.MONEY),
                Field("term", _("Term of performance")),
                Field("place", _("Place of performance")),
                Field("method", _("Method")),
                Field("signed_on", _("Signed on"), Shape.DATE),
                Field("notice_date", _("Date of the notice"), Shape.DATE),
            ),
        ),
        OTHER,
    ),
)

ACCEPTANCE = Blueprint(
    NoticeKind.ACCEPTANCE,
    "R-NOTICE-09",
    (
        Section(
            _("Contract and project"),
            (Field("contract_number", _("Contract number")), Field("contract_name", _("Contract name")), *PROJECT),
        ),
        Section(_("The parties"), (Field("buyer_name", _("Buyer")), Field("supplier_name", _("Supplier")))),
        Section(
            _("What was accepted"),
            (
                Field("content", _("Service")),
                Field("requirement", _("Requirements")),
                Field("term", _("Term of performance")),
                Field("place", _("Place of performance")),
                optional(
                    "figures",
                    _("Figures"),
                    Shape.TABLE,
                    (
                        Field("name", _("Indicator")),
                        Field("planned", _("Planned")),
                        Field("actual", _("Actual")),
                    ),
                ),
            ),
        ),
        Section(
            _("Acceptance"),
            (
                Field("accepted_on", _("Date of acceptance"), Shape.DATE),
                Field("members", _("Members of the acceptance group (service users included)")),
                Field("opinion", _("Opinion")),
            ),
        ),
        OTHER,
    ),
)

# Ours: the law asks for publication of results and effect (R-LOT-05) and fixes the grades (R-PERF-01), not a form.
EVALUATION = Blueprint(
    NoticeKind.EVALUATION,
    "R-PERF-01",
    (
        Section(
            _("Contract and project"),
            (*PROJECT, Field("contract_number", _("Contract number"))),
        ),
        Section(
            _("The parties"),
            (
                Field("buyer_name", _("Buyer")),
                Field("supplier_name", _("Supplier")),
                Field("evaluator_name", _("Third-party evaluator")),
            ),
        ),
        Section(
            _("The result"),
            (
                Field("total", _("Total score")),
                Field("grade", _("Grade")),
                Field("reason", _("The reason in one sentence")),
                Field(
                    "indicators",
                    _("Indicators"),
                    Shape.TABLE,
                    columns=(
                        Field("name", _("Indicator")),
                        Field("weight", _("Points")),
                        Field("score", _("Score")),
                        Field("evidence", _("Evidence"), required=False),
                    ),
                ),
                Field("findings", _("Findings")),
            ),
        ),
        Section(
            _("The organization's answer"),
            (
                Field("answer", _("Answer")),
                optional("reply", _("The evaluator's reply")),
            ),
        ),
        OTHER,
    ),
)

# Ours as well: practice names the stages and values of a call (R-VENT-01 to -09), no law fixes a form for it.
CALL = (
    Field("call_number", _("Number of the call")),
    Field("call_name", _("Name of the call")),
)
CALL_CONTACTS = Section(
    _("Contacts"),
    (Field("lead_contact", _("Led by")), Field("call_contact", _("Contact for applicants"))),
)
VENTURE_CALL = Blueprint(
    NoticeKind.VENTURE_CALL,
    "R-VENT-01",
    (
        Section(
            _("The call"),
            (
                *CALL,
                Field("kind", _("Kind and level")),
                Field("aims", _("What it is for")),
                Field("place", _("Where projects work")),
                Field("themes", _("Themes"), Shape.LIST),
                Field("track", _("Why this is a grant and not a purchase")),
            ),
        ),
        Section(
            pgettext_lazy("call", "The money"),
            (
                Field("funders", _("Funders")),
                Field(
                    "pots",
                    _("Pots"),
                    Shape.TABLE,
                    columns=(
                        Field("name", _("Pot")),
                        Field("source", pgettext_lazy("money", "From")),
                        Field("purpose", _("Purpose")),
                        Field("theme", _("For")),
                        Field("amount", _("Amount (yuan)"), Shape.MONEY),
                    ),
                ),
                Field("total", _("Together (yuan)"), Shape.MONEY),
            ),
        ),
        Section(
            _("Rules of this call"),
            (
                Field("eligibility", _("Who may apply")),
                Field("values", _("Limits"), Shape.LIST),
                Field("tranches", _("Payments")),
                optional("switched_off", _("Rules of practice that do not apply, and why"), Shape.LIST),
            ),
        ),
        Section(
            _("When and how"),
            (
                Field("opens_at", _("Applications from"), Shape.MOMENT),
                Field("deadline", _("Applications until"), Shape.MOMENT),
                Field("steps", pgettext_lazy("call", "What follows"), Shape.LIST),
                Field("how", _("How")),
                Field("form", _("What the application asks"), Shape.LIST),
                Field("guide", _("Guide for applicants")),
            ),
        ),
        OTHER,
        CALL_CONTACTS,
    ),
)
VENTURE_CORRECTION = Blueprint(
    NoticeKind.VENTURE_CORRECTION,
    "R-NOTICE-06",
    (
        Section(_("The call"), (*CALL, Field("first_notice_date", _("Date of the first notice"), Shape.DATE))),
        Section(
            _("What is corrected"),
            (
                Field("subject", _("What is corrected")),
                Field(
                    "changes",
                    _("Changes"),
                    Shape.TABLE,
                    columns=(Field("item", _("Item")), Field("before", _("Before")), Field("after", _("After"))),
                ),
                optional("reason", _("Cause")),
                Field("correction_date", _("Date of the correction"), Shape.DATE),
                optional("new_deadline", _("Applications until"), Shape.MOMENT),
            ),
        ),
        OTHER,
        CALL_CONTACTS,
    ),
)
VENTURE_END = Blueprint(
    NoticeKind.VENTURE_END,
    "R-NOTICE-07",
    (
        Section(_("The call"), CALL),
        Section(_("Why it ends"), (Field("reason", _("Cause")),)),
        OTHER,
        CALL_CONTACTS,
    ),
)
VENTURE_RESULT = Blueprint(
    NoticeKind.VENTURE_RESULT,
    "R-VENT-02",
    (
        Section(_("The call"), CALL),
        Section(
            _("Projects to be funded"),
            (
                Field("total", _("Together (yuan)"), Shape.MONEY),
                Field(
                    "funded",
                    _("In the order of the ranking"),
                    Shape.TABLE,
                    columns=(
                        Field("rank", _("Rank")),
                        Field("project", _("Name of the project")),
                        Field("organization", _("Organization")),
                        Field("score", _("Total points")),
                        Field("means", _("Mean per criterion")),
                        Field("pots", _("From which pots")),
                        Field("amount", _("Amount (yuan)"), Shape.MONEY),
                    ),
                ),
            ),
        ),
        Section(
            _("How it was decided"),
            (
                Field("counts", _("Applications"), Shape.LIST),
                Field("method", _("Method"), Shape.LIST),
                Field("panel", _("Panel")),
            ),
        ),
        Section(
            _("Public display"),
            (
                Field("display_until", _("On display until"), Shape.DATE),
                Field("objections", _("How to object")),
            ),
        ),
        OTHER,
        CALL_CONTACTS,
    ),
)

AGREEMENT = (
    Field("agreement_number", _("Agreement number")),
    Field("agreement_name", _("Project")),
    Field("project_number", _("Project number")),
    Field("call_name", _("Venture call")),
    Field("funder_name", _("Funder")),
    Field("organization_name", _("Organization")),
)
GRANT_AGREEMENT = Blueprint(
    NoticeKind.GRANT_AGREEMENT,
    "R-VENT-05",
    (
        Section(_("The agreement"), AGREEMENT),
        Section(
            _("Main terms"),
            (
                Field("content", _("What the project does")),
                Field("place", _("Place of performance")),
                Field("term", _("Term of performance")),
                Field("amount", _("Amount (yuan)"), Shape.MONEY),
                Field(
                    "pots",
                    _("Where the money comes from"),
                    Shape.TABLE,
                    columns=(Field("name", _("Source of money")), Field("amount", _("Amount (yuan)"), Shape.MONEY)),
                ),
                Field(
                    "tranches",
                    _("Tranches"),
                    Shape.TABLE,
                    columns=(
                        Field("name", _("Stage")),
                        Field("share", _("Share")),
                        Field("amount", _("Amount (yuan)"), Shape.MONEY),
                    ),
                ),
                Field("signed_on", _("Signed on"), Shape.DATE),
            ),
        ),
        OTHER,
    ),
)
GRANT_ENDED = Blueprint(
    NoticeKind.GRANT_ENDED,
    "R-VENT-10",
    (
        Section(_("The agreement"), AGREEMENT),
        Section(
            _("Why it ends"),
            (
                Field("reason", _("Cause")),
                Field("ended_on", _("Ended on"), Shape.DATE),
                Field("paid", _("Paid so far (yuan)"), Shape.MONEY),
                Field("released", _("No longer paid (yuan)"), Shape.MONEY),
            ),
        ),
        OTHER,
    ),
)

BLUEPRINTS: Mapping[str, Blueprint] = {
    blueprint.kind: blueprint
    for blueprint in (
        INTENTION,
        TENDER,
        CORRECTION,
        TERMINATION,
        VOID,
        RESULT,
        CONTRACT,
        ACCEPTANCE,
        EVALUATION,
        GRANT_AGREEMENT,
        GRANT_ENDED,
        VENTURE_CALL,
        VENTURE_CORRECTION,
        VENTURE_END,
        VENTURE_RESULT,
    )
}


def missing_fields(kind: str, data: Mapping[str, Any]) -> list[Field]:
    """The fields that the notice's rule wants and `data` leaves empty, in the notice's order."""
    return [field for field in BLUEPRINTS[kind].fields() if field.required and is_silent(field, data.get(field.name))]


def is_silent(field: Field, value: Any) -> bool:
    """Nothing said; a table is silent when it has no row or a row lacks a column that must be filled."""
    if field.shape is Shape.TABLE:
        rows = value or []
        return not rows or any(is_silent(column, row.get(column.name)) for row in rows for column in needed(field))
    if isinstance(value, list | tuple):
        return not any(str(entry).strip() for entry in value)
    return value is None or not str(value).strip()


def needed(field: Field) -> list[Field]:
    return [column for column in field.columns if column.required]


def unknown_fields(kind: str, data: Mapping[str, Any]) -> list[str]:
    """Names in `data` that the notice does not have: they would be published unseen."""
    return sorted(set(data) - {field.name for field in BLUEPRINTS[kind].fields()})
