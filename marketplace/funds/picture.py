"""The picture of a fund: from the fund to its purposes to the projects, to scale."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, pgettext

from marketplace.web.pictures import Link, Node, flow_picture
from marketplace.web.templatetags.web import wan_short

from .selectors import FundFlow, ProjectFlow, PurposeFlow

MOST_PROJECTS = 12
PURPOSE_TONES = {"elderly": "cinnabar", "disabled": "jade", "orphans": "amber", "poor": "blue", "other": "ink"}

FUND_TONES = {"lottery": "cinnabar", "fiscal": "blue", "sponsor": "jade", "gift": "amber"}


def wan(amount: Decimal) -> str:
    return f"{wan_short(amount)} {pgettext('in ten thousands', 'yuan')}"


def fund_picture(flow: FundFlow) -> SafeString:
    """One fund: purposes in the middle, on the right its largest projects, the others together, and what is left."""
    purposes = [_purpose_node(purpose) for purpose in flow.purposes]
    shown, others = _largest(flow)
    projects = [Node(_key(p, project), project.title, project.bound, wan(project.bound)) for p, project in shown]
    rest = sum((project.bound for _purpose, project in others), Decimal(0))
    right = [
        *projects,
        Node("others", _("%(count)d other projects") % {"count": len(others)}, rest, wan(rest)),
        Node("left", _("Not committed yet"), flow.available, wan(flow.available), "grey"),
    ]
    links = [Link("fund", purpose.purpose, purpose.amount) for purpose in flow.purposes]
    links += [Link(purpose.purpose, _key(purpose, project), project.bound) for purpose, project in shown]
    for purpose in flow.purposes:
        links.append(Link(purpose.purpose, "others", _bound_of(purpose, others)))
        links.append(Link(purpose.purpose, "left", purpose.amount - purpose.bound))
    title = _(
        "Money of %(fund)s: %(amount)s yuan in %(purposes)d purposes to %(projects)d projects; "
        "the table below says it in numbers"
    ) % {
        "fund": str(flow.fund),
        "amount": f"{flow.amount:,.2f}",
        "purposes": len(purposes),
        "projects": flow.project_count,
    }
    left = [_fund_node("fund", flow.fund.name, flow)]
    return flow_picture([left, purposes, right], links, title)


def _key(purpose: PurposeFlow, project: ProjectFlow) -> str:
    return f"{purpose.purpose}/{project.number}/{project.title}"


def _fund_node(key: str, label: str, flow: FundFlow, of: str = "") -> Node:
    note = f"{of} {wan(flow.amount)}".lstrip()
    return Node(key, label, flow.amount, note, FUND_TONES[flow.fund.kind])


def _purpose_node(purpose: PurposeFlow) -> Node:
    return Node(purpose.purpose, purpose.label, purpose.amount, wan(purpose.amount), PURPOSE_TONES[purpose.purpose])


Pair = tuple[PurposeFlow, ProjectFlow]


def _largest(flow: FundFlow) -> tuple[list[Pair], list[Pair]]:
    """The largest projects in the order of the purposes, and the others."""
    pairs = [(purpose, project) for purpose in flow.purposes for project in purpose.projects if project.bound > 0]
    largest = sorted(pairs, key=lambda pair: -pair[1].bound)[:MOST_PROJECTS]
    kept = {id(project) for _purpose, project in largest}
    return (
        [pair for pair in pairs if id(pair[1]) in kept],
        [pair for pair in pairs if id(pair[1]) not in kept],
    )


def _bound_of(purpose: PurposeFlow, pairs: Iterable[Pair]) -> Decimal:
    return sum((project.bound for owner, project in pairs if owner is purpose), Decimal(0))


def overview_picture(flows: list[FundFlow]) -> SafeString:
    """All funds to all purposes."""
    totals: dict[str, Decimal] = {}
    labels: dict[str, str] = {}
    links = []
    for flow in flows:
        for purpose in flow.purposes:
            totals[purpose.purpose] = totals.get(purpose.purpose, Decimal(0)) + purpose.amount
            labels[purpose.purpose] = purpose.label
            links.append(Link(f"fund-{flow.fund.pk}", purpose.purpose, purpose.amount))
    order = [key for key in PURPOSE_TONES if key in totals]
    links.sort(key=lambda link: order.index(link.target))
    left = [_fund_node(f"fund-{flow.fund.pk}", str(flow.fund), flow, flow.fund.body.name) for flow in flows]
    right = [Node(key, labels[key], totals[key], wan(totals[key]), PURPOSE_TONES[key]) for key in order]
    total = sum(totals.values(), Decimal(0))
    title = _(
        "From %(funds)d funds with %(amount)s yuan to %(purposes)d purposes; the table below says it in numbers"
    ) % {"funds": len(flows), "amount": f"{total:,.2f}", "purposes": len(order)}
    return flow_picture([left, right], links, title)
