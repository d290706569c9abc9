"""The room's README shows the tables as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marketplace.lifecycle.engine import Lifecycle
from marketplace.ventures import lifecycle

README = Path(lifecycle.__file__).with_name("README.md")


@pytest.mark.parametrize("table", lifecycle.TABLES, ids=lambda table: table.noun)
def test_the_diagram_is_the_tables(table: Lifecycle) -> None:
    found = re.search(rf"### {table.noun}\n\n```mermaid\n(.*?)\n```", README.read_text(encoding="utf-8"), re.S)
    assert found is not None
    assert found.group(1) == table.diagram()
