"""What is due for whom when the last milestone is accepted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marketplace.contracts.tasks import unjudged_tasks
from tests.factories.contracts import accepted_milestone, assigned_evaluation

pytestmark = pytest.mark.django_db


def test_the_officer_is_told_to_have_finished_work_judged() -> None:
    world = accepted_milestone(accepted_milestone(), 2)
    assert unjudged_tasks(world.officer) == []
    accepted_milestone(world, 3)
    page = reverse("contracts:evaluation-assign", args=[world.contract.pk])
    assert [task.url for task in unjudged_tasks(world.officer)] == [page]
    assert unjudged_tasks(world.approver) == unjudged_tasks(world.reporter) == []
    assigned_evaluation(world)
    assert unjudged_tasks(world.officer) == []
