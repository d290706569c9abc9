"""Outages are found, hold the count, and move a deadline by two people's hands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.schedule import run_due
from marketplace.procurement import crypto, sealkey
from marketplace.procurement.models import ExtensionStatus, LotStatus, Outage, Pulse
from marketplace.procurement.selectors.outages import is_held
from marketplace.procurement.services.outages import decide_extension, propose_extension, take_pulse
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import open_lot, sealed_bid
from tests.factories.procurement import published_lot

pytestmark = pytest.mark.django_db


def outage_before(deadline, minutes: int = 40) -> Outage:
    """As if the worker had been silent for that long until ten minutes after the deadline."""
    end = deadline + timedelta(minutes=10)
    return Outage.objects.create(started_at=end - timedelta(minutes=minutes), ended_at=end, found_at=end)


def test_a_gap_of_two_minutes_is_an_outage(market_clock) -> None:
    assert take_pulse() is None
    assert take_pulse() is None
    market_clock.advance(minutes=30)
    Pulse.objects.update(machine=clock.machine_now() - timedelta(minutes=30))
    outage = take_pulse()
    assert outage is not None
    assert outage.minutes == 30
    assert take_pulse() is None
    assert Outage.objects.count() == 1


def test_moving_the_demo_clock_is_no_outage(market_clock) -> None:
    take_pulse()
    market_clock.advance(days=20)
    assert take_pulse() is None


def test_an_outage_before_the_deadline_holds_the_count_for_four_hours(market_clock) -> None:
    lot = open_lot()
    deadline = lot.tender.deadline
    outage = outage_before(deadline)
    market_clock.move_to(outage.ended_at + timedelta(minutes=5))
    run_due(clock.now())
    lot.refresh_from_db()
    assert lot.status == LotStatus.OPEN
    market_clock.move_to(outage.ended_at + timedelta(hours=4, seconds=1))
    run_due(clock.now())
    lot.refresh_from_db()
    assert lot.status == LotStatus.VOID


def test_officer_and_supervisor_move_the_deadline_by_a_correction(market_clock) -> None:
    lot = published_lot()
    tender = lot.tender
    deadline = tender.deadline
    officer = make_person(tender.buyer, Role.OFFICER)
    supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
    outage = outage_before(deadline)
    market_clock.move_to(outage.ended_at + timedelta(minutes=5))
    with pytest.raises(Refused) as caught:
        propose_extension(
            actor=officer,
            tender_id=tender.pk,
            outage_id=outage.pk,
            new_deadline=clock.now() + timedelta(minutes=39),
            reason="中断",
        )
    assert caught.value.field == "new_deadline"
    new = deadline + timedelta(days=1)
    extension = propose_extension(
        actor=officer, tender_id=tender.pk, outage_id=outage.pk, new_deadline=new, reason="平台中断四十分钟"
    )
    with pytest.raises(NotAllowed):
        decide_extension(actor=officer, extension_id=extension.pk, confirms=True)
    assert is_held(tender, clock.now())
    decide_extension(actor=supervisor, extension_id=extension.pk, confirms=True)
    tender.refresh_from_db()
    assert tender.deadline == new
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.CORRECTION, project_number=tender.number)
    assert notice.published_by_id == supervisor.user_id
    lot.key.refresh_from_db()
    _inner, not_before = crypto.unwrap_outer(bytes(lot.key.wrapped_identity), sealkey.seal_identity())
    assert datetime.fromisoformat(not_before) == new
    assert not is_held(tender, clock.now())
    with pytest.raises(MarketplaceError):
        decide_extension(actor=supervisor, extension_id=extension.pk, confirms=False, reason="x")


def test_no_extension_needed_lets_the_count_go_on(market_clock) -> None:
    lot = open_lot()
    for _number in range(3):
        sealed_bid(lot)
    officer = make_person(lot.tender.buyer, Role.OFFICER)
    outage = outage_before(lot.tender.deadline)
    market_clock.move_to(outage.ended_at + timedelta(minutes=5))
    extension = propose_extension(
        actor=officer, tender_id=lot.tender_id, outage_id=outage.pk, new_deadline=None, reason="没有投标人受到影响"
    )
    assert extension.status == ExtensionStatus.WAIVED
    run_due(clock.now())
    lot.refresh_from_db()
    assert lot.status == LotStatus.CLOSED
