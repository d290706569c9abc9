"""Fixtures for every test: a database made from a template, a clock that stands still, private folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the tests

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import TransactionTestCase
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import HealthCheck, settings as hypothesis_settings

from deploy.messages import compile_all
from tests.support import machine, postgresql
from tests.support.clock import MarketClock
from tests.support.signed_in import client_for as _client_for
from tests.support.templates import SqliteDatabase, TestDatabase

pytest_plugins = [
    "tests.support.browser",
    "tests.support.stripe_mock",
    "tests.support.worker",
    "tests.support.world",
]
# How long an example takes says something about the machine, not about the rule.
hypothesis_settings.register_profile("yizhao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("yizhao")
CLUSTER = pytest.StashKey[postgresql.Cluster]()
MACHINE = machine.chosen()


def pytest_configure(config: pytest.Config) -> None:
    """Set the machine's date, if one is chosen. Once, in the controlling process: compile the catalogues, start
    PostgreSQL if it is chosen."""
    MACHINE.leave()
    if hasattr(config, "workerinput"):
        return
    compile_all()
    # What was read before the compilation (lazy words of apps that were set up) would stay stale.
    trans_real._translations.clear()
    trans_real._default = None
    if postgresql.is_chosen() and not config.option.collectonly:
        config.stash[CLUSTER] = postgresql.start_cluster()


def pytest_report_header() -> str:
    return f"the machine's date: {MACHINE.day or 'the real one'}"


def pytest_unconfigure(config: pytest.Config) -> None:
    MACHINE.come_back()
    if CLUSTER in config.stash:
        postgresql.stop_cluster(config.stash[CLUSTER])


def uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not names.isdisjoint(
        {"db", "transactional_db", "live_server"}
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m database`: those that touch the database, to run them alone."""
    for item in items:
        if uses_database(item):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, private_folders: Path
) -> Iterator[TestDatabase]:
    """A copy of the migrated template for this worker, in place of pytest-django's own set-up."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    kind = postgresql.PostgresqlDatabase if postgresql.is_chosen() else SqliteDatabase
    database: TestDatabase = kind(worker)
    with django_db_blocker.unblock():
        database.create()
    restore = pytest.MonkeyPatch()
    # Django empties all tables after a transactional test, migrated rows included: take the template instead.
    restore.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: database.reset())
    yield database
    restore.undo()
    with django_db_blocker.unblock():
        database.destroy()


@pytest.fixture(scope="session", autouse=True)
def private_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files, keys and mails of this session, apart from any other's."""
    folder = tmp_path_factory.mktemp("var")
    (folder / "keys").mkdir(mode=0o700)
    for name in ("files", "media", "static", "mail"):
        (folder / name).mkdir()
    settings.MARKETPLACE_FILES = folder / "files"
    settings.MARKETPLACE_SEAL_KEY = folder / "keys" / "seal.key"
    settings.MARKETPLACE_LOG_KEY = folder / "keys" / "log.key"
    settings.MEDIA_ROOT = folder / "media"
    settings.STATIC_ROOT = folder / "static"
    return folder


@pytest.fixture(autouse=True)
def machine_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before anything else: a test that is compared with a clock outside the process has the real one."""
    with MACHINE.at_home() if request.node.get_closest_marker("real_clock") else nullcontext():
        yield


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A request in English leaves its language behind in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Rate limits and used one-time codes are counted in the cache."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def market_clock(db: None) -> MarketClock:
    """The marketplace's clock, stopped at 2026-06-15 09:00 in Shanghai."""
    return MarketClock()


@pytest.fixture(autouse=True)
def stopped_clock(request: pytest.FixtureRequest) -> None:
    """Every test with a database has the stopped clock, asked for or not."""
    if uses_database(request.node):
        request.getfixturevalue("market_clock")


@pytest.fixture
def client_for() -> Callable[..., Any]:
    """`client_for(actor)`: a signed-in client that acts for the actor's body."""
    return _client_for
