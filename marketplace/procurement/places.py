"""What bidders, custodians and officers find in the workspace about bids and openings: areas, and what is due."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core import clock
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import (
    Bid,
    BidDraft,
    CustodianKey,
    CustodianShare,
    DraftStatus,
    Extension,
    ExtensionStatus,
    LotStatus,
    Opening,
    OpeningStatement,
)
from .permissions.bids import can_bid, can_decide_extension, can_see_outages
from .selectors.openings import READ_OUT
from .selectors.outages import still_open, touched_for

ATTENDING = (Role.OFFICER, Role.APPROVER, Role.CUSTODIAN, Role.SUPERVISOR, Role.AUDITOR)


def areas(actor: Actor) -> Iterable[Area]:
    if can_bid(actor):
        text = _("Drafts, sealed bids and their receipts")
        yield Area("bids", _("Bids"), reverse("procurement:bid-list"), text, order=20)
    if can_bid(actor) or actor.has(*ATTENDING):
        text = _("The opening halls: shares, read-out, statements, minutes")
        yield Area("openings", _("Openings"), reverse("procurement:opening-list"), text, order=30)
    if actor.has(Role.CUSTODIAN):
        text = _("Your key and the shares that you hold")
        yield Area("custodian", _("Custodian"), reverse("procurement:custodian"), text, order=10)
    if actor.has(Role.OPERATOR):
        text = _("Who holds shares of keys; their trial and appointment")
        yield Area("custodians", _("Custodians"), reverse("procurement:custodian-list"), text, order=40)
    if can_see_outages(actor):
        text = _("When the marketplace did not run, and which deadlines it touched")
        yield Area("outages", _("Outages"), reverse("procurement:outage-list"), text, order=90)


def extensions_due(actor: Actor) -> Iterable[Task]:
    """Supervisors: a new deadline after an outage waits for them."""
    if not can_decide_extension(actor):
        return
    for extension in Extension.objects.filter(status=ExtensionStatus.PROPOSED).select_related("tender"):
        yield Task(
            title=_("Decide on the extension"),
            text=f"{extension.tender.number} {extension.tender.title}",
            due=extension.tender.deadline,
            rule_id="R-TIME-07",
            url=reverse("procurement:outage-decide", args=[extension.pk]),
            urgency=Urgency.NOW,
            action=_("Decide"),
        )


def outages_due(actor: Actor) -> Iterable[Task]:
    """Officers: an outage touched a deadline of theirs, and nothing has been proposed yet."""
    if not actor.has(Role.OFFICER):
        return
    _outages, touched = touched_for(actor, limit=5)
    for row in touched:
        if row.extension is None and still_open(row.tender):
            yield Task(
                title=_("Propose what follows from the outage"),
                text=f"{row.tender.number} {row.tender.title}",
                due=row.tender.deadline,
                rule_id="R-TIME-07",
                url=reverse("procurement:outage-propose", args=[row.outage.pk, row.tender.pk]),
                urgency=Urgency.NOW,
                action=_("Propose what follows"),
            )


def drafts_due(actor: Actor) -> Iterable[Task]:
    """Drafts that wait for their submit, until the deadline."""
    if not can_bid(actor):
        return
    waiting = BidDraft.objects.filter(body_id=actor.body_id, destroyed_at=None, lot__status=LotStatus.OPEN)
    for draft in waiting.exclude(status=DraftStatus.SUBMITTED).select_related("lot__tender"):
        tender = draft.lot.tender
        is_ready = draft.status == DraftStatus.READY
        yield Task(
            title=_("Submit the sealed bid") if is_ready else _("Finish and submit the bid"),
            text=f"{tender.number} {tender.title} · {draft.lot.title}",
            due=tender.deadline,
            rule_id="R-BID-07",
            url=reverse("procurement:bid-detail", args=[draft.pk]),
            action=_("Go on"),
        )


def shares_due(actor: Actor) -> Iterable[Task]:
    """Closed lots that wait for the custodian's share."""
    if not actor.has(Role.CUSTODIAN):
        return
    held = CustodianShare.objects.filter(
        custodian__user_id=actor.user_id, handed_in_at=None, lot_key__lot__status=LotStatus.CLOSED
    )
    for share in held.select_related("lot_key__lot__tender"):
        lot = share.lot_key.lot
        yield Task(
            title=_("Hand in your share"),
            text=f"{lot.number} {lot.tender.title}",
            due=lot.tender.deadline,
            rule_id="R-OPEN-01",
            url=reverse("procurement:opening", args=[lot.pk]),
            urgency=Urgency.NOW,
            action=_("To the opening hall"),
        )


def key_due(actor: Actor) -> Iterable[Task]:
    """A custodian without a proved key can guard nothing."""
    if not actor.has(Role.CUSTODIAN):
        return
    key = CustodianKey.objects.filter(user_id=actor.user_id, retired_at=None).first()
    if key is None:
        yield Task(
            title=_("Make your key"), url=reverse("procurement:custodian"), urgency=Urgency.NOW, action=_("Begin")
        )
    elif not key.trials.exclude(proved_at=None).exists():
        url = reverse("procurement:custodian-trial")
        yield Task(title=_("Open the trial share"), url=url, urgency=Urgency.NOW, action=_("Open it"))


def statements_due(actor: Actor) -> Iterable[Task]:
    """Bidders: is the line read out right?"""
    if not can_bid(actor):
        return
    running = Opening.objects.filter(
        closed_at=None, statements_until__gte=clock.now(), lot__bids__in=own_opened(actor)
    ).select_related("lot__tender")
    for opening in running.exclude(statements__bid__body_id=actor.body_id).distinct():
        yield Task(
            title=_("Confirm the read-out"),
            text=f"{opening.lot.number} {opening.lot.tender.title}",
            due=opening.statements_until,
            rule_id="R-OPEN-04",
            url=reverse("procurement:opening", args=[opening.lot_id]),
            urgency=Urgency.NOW,
            action=_("To the opening hall"),
        )


def own_opened(actor: Actor) -> QuerySet[Bid]:
    return Bid.objects.filter(body_id=actor.body_id, status__in=READ_OUT)


def objections_due(actor: Actor) -> Iterable[Task]:
    """Officers: objections at the opening are answered at once."""
    if not actor.has(Role.OFFICER):
        return
    waiting = OpeningStatement.objects.filter(confirms=False, answer="", opening__closed_at=None).select_related(
        "opening__lot__tender", "bid__body"
    )
    procured = Q(opening__lot__tender__buyer_id=actor.body_id) | Q(opening__lot__tender__agency_id=actor.body_id)
    for statement in waiting.filter(procured):
        lot = statement.opening.lot
        yield Task(
            title=_("Answer the objection"),
            text=f"{lot.number} {statement.bid.body.name}",
            due=statement.opening.statements_until,
            rule_id="R-OPEN-04",
            url=reverse("procurement:opening-answer", args=[lot.pk, statement.pk]),
            urgency=Urgency.NOW,
            action=_("Answer it"),
        )


def register() -> None:
    navigation.register(areas)
    for source in (extensions_due, outages_due, drafts_due, shares_due, key_due, statements_due, objections_due):
        tasks.register(source)
