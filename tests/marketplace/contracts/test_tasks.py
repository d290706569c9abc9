"""What is due for whom when the last milestone is accepted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marketplace.contracts.tasks import contract_tasks
from tests.factories.contracts import accepted_milestone, assigned_evaluation

pytestmark = pytest.mark.django_db


def test_the_officer_is_told_to_have_finished_work_judged() -> None:
    world = accepted_milestone(accepted_milestone(), 2)
    page = reverse("contracts:evaluation-assign", args=[world.contract.pk])

    def asked() -> list[int]:
        return [
            sum(task.url == page for task in contract_tasks(actor))
            for actor in (world.officer, world.approver, world.reporter)
        ]

    assert asked() == [0, 0, 0]
    accepted_milestone(world, 3)
    assert asked() == [1, 0, 0]
    assigned_evaluation(world)
    assert asked() == [0, 0, 0]
