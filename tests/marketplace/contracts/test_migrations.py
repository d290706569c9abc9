"""Contracts made before grants existed: each gets its project's number and one share of its own line.

A copy of the database is taken back to the migration before, gets a contract as it was then, and goes forward again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from marketplace.contracts.models import Contract
from tests.factories.contracts import active_contract
from tests.support.postgresql import is_chosen

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(is_chosen(), reason="the copy is a file of SQLite"),
]
BEFORE, AFTER = [("contracts", "0003_grant_agreements")], [("contracts", "0005_award_or_grant")]


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A contract of an award, and a copy of the database in which rows of contracts are gone."""
    active_contract()
    path = tmp_path / "before.sqlite3"
    with sqlite3.connect(path) as target:
        connection.connection.backup(target)
        tables = [
            name
            for (name,) in target.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE 'contracts^_%' ESCAPE '^' AND type = 'table'"
            )
        ]
        for name in tables:
            target.execute(f'DELETE FROM "{name}"')  # noqa: S608
    target.close()
    connections.databases["before"] = {**connections.databases["default"], "NAME": str(path)}
    connections["before"].connect()  # by hand: a test may open none but its own
    yield connections["before"]
    connections["before"].close()
    del connections["before"]
    del connections.databases["before"]


def test_a_contract_of_before_gets_its_number_and_one_share(copied: BaseDatabaseWrapper) -> None:
    now = Contract.objects.get()
    line = now.shares.get().budget_line
    executor = MigrationExecutor(copied)
    old = executor.migrate(BEFORE).apps.get_model("contracts", "Contract")
    names = [field.attname for field in old._meta.concrete_fields if field.attname != "budget_line_id"]
    values = {name: getattr(now, name) for name in names}
    old.objects.using("before").create(
        **values | {"budget_line_id": line.pk, "project_number": "", "is_lottery": False}
    )
    executor.loader.build_graph()
    new = executor.migrate(AFTER).apps.get_model("contracts", "Contract")
    filled = new.objects.using("before").get()
    assert (filled.project_number, filled.is_lottery) == (now.award.lot.tender.number, line.fund.is_lottery)
    shares = list(filled.shares.values_list("budget_line_id", "amount", "position"))
    assert shares == [(line.pk, now.amount, 1)]
    assert now.amount > Decimal(0)
