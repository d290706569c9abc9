"""What has legal meaning cannot be deleted by anyone through any route (marketplace/core/legal.py).

Here: rows of every model, and the editors' interface. The permission matrix watches the same over every view of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import pre_delete

from marketplace.accounts.models import Membership, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.legal import FREE, LEGAL, LEGAL_AFTER_DRAFT, NeverDeleted
from marketplace.publication.models import FrozenError
from tests.factories.accounts import make_body, make_person
from tests.support.signed_in import superuser_client
from tests.support.undo import undone

from . import cases  # noqa: F401  registers the cases
from .addresses import addresses, example
from .watch import GUARDED, watched
from .world import SCENES, World

OURS = [model for model in apps.get_models() if model.__module__.startswith(("marketplace.", "cms."))]


def test_every_model_is_named_once():
    named, there = [*LEGAL, *LEGAL_AFTER_DRAFT, *FREE], {model._meta.label for model in OURS}
    assert sorted(there - set(named)) == [], "neither legal nor free in marketplace/core/legal.py"
    assert sorted(set(named) - there) == [], "named, but there is no such model"
    assert len(named) == len(set(named)), "named twice"


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_legal_model_is_guarded_and_protects_what_it_rests_on(model):
    assert pre_delete.has_listeners(model)
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            answer = field.remote_field.on_delete
            is_part = model._meta.label in LEGAL_AFTER_DRAFT and answer is models.CASCADE
            whole_is_legal = field.related_model._meta.label in LEGAL.union(LEGAL_AFTER_DRAFT)
            is_page = field.remote_field.parent_link or field.model._meta.app_label == "wagtailcore"
            assert answer is models.PROTECT or (is_part and whole_is_legal) or is_page, field


@pytest.mark.django_db
def test_guard_refuses_one_many_and_cascades():
    body = make_body(BodyKind.GOVERNMENT)
    make_person(body, Role.OFFICER)
    for attempt in (body.delete, Membership.objects.all().delete, User.objects.get().delete):
        with pytest.raises((NeverDeleted, models.ProtectedError)), transaction.atomic():
            attempt()
    assert Membership.objects.count() == 1


REFUSALS = (NeverDeleted, FrozenError, models.ProtectedError, models.RestrictedError)


def build(scene: str) -> World:
    world = World()
    for name in (name for name, place in SCENES.items() if place == scene):
        world.case(name)
    return world


@pytest.mark.django_db
@pytest.mark.parametrize("scene", sorted(set(SCENES.values())))
def test_no_row_of_any_model_takes_a_legal_one_with_it(scene):
    """Tries to delete rows of every model there is, one at a time, in each scene of the permission matrix."""
    build(scene)
    assert len([model for model in GUARDED if model._default_manager.exists()]) > 5
    attempts = 0
    with watched() as gone:
        for model in apps.get_models():
            for row in model._default_manager.order_by("-pk")[:3]:
                attempts += 1
                with undone(), suppress(*REFUSALS), transaction.atomic():
                    row.delete()
                assert not gone, (row._meta.label, row.pk, gone)
    assert attempts > 50


REMOVING = re.compile(r"delete|remove|unpublish|move|bulk|purge|discard")


def removing_addresses() -> Iterator[str]:
    """Addresses of the editors' interface that take something away, for people, pages, and low numbers of all else."""
    people = list(User.objects.values_list("pk", flat=True)[:3])
    for address in addresses():
        if address.is_admin and REMOVING.search(address.route + address.name):
            for pk in people if "user" in address.route else [1, 2, 3]:
                yield example(address.route).replace("/1/", f"/{pk}/")


@pytest.mark.django_db
def test_the_editors_interface_removes_nothing_legal():
    """A superuser posts to everything there that removes, confirmed as the forms confirm it."""
    build("simple")
    client, asked = superuser_client(), 0
    client.raise_request_exception = False  # addresses made up from a pattern may not make sense to Wagtail
    with watched() as gone:
        for address in removing_addresses():
            with undone(), suppress(*REFUSALS), transaction.atomic():
                client.post(address, {"confirm": "1", "id": ["1", "2", "3"], "next": "/"})
            assert not gone, (address, gone)
            asked += 1
    assert asked > 50
