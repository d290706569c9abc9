"""The review from the opened lot to the published award, through the services."""

from decimal import Decimal

import pytest

from marketplace.procurement.models import AwardStatus, BidStatus, Letter, LotStatus
from marketplace.procurement.rules.award_file import differences
from tests.factories.review import award_panel

pytestmark = pytest.mark.django_db


def test_from_opening_to_award() -> None:
    panel, award = award_panel()
    assert panel.lot.status == LotStatus.AWARDED
    assert award.status == AwardStatus.PUBLISHED
    assert award.bid.price == Decimal("1000000.00")
    assert award.bid.result.rank == 1
    assert set(panel.lot.bids.values_list("status", flat=True)) == {BidStatus.VALID}
    assert Letter.objects.filter(award=award).count() == 4
    assert differences(award.public_data) == []
