"""Every rule id in code, templates, tests and documents stands in the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

from marketplace.core.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("marketplace", "cms", "templates", "tests", "docs")
ENDINGS = {".py", ".html", ".txt", ".md", ".po", ".xml"}
RULE_ID = re.compile(r"\bR-[A-Z]+-\d{2}\b")
ON_PURPOSE_WRONG = {"R-NOTHING-01"}


def test_every_cited_rule_is_in_the_catalogue() -> None:
    files = [path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in ENDINGS]
    cited = {
        (rule_id, path.relative_to(ROOT).as_posix())
        for path in files
        for rule_id in RULE_ID.findall(path.read_text(encoding="utf-8"))
    }
    assert len(cited) > 100
    unknown = sorted((rule_id, where) for rule_id, where in cited if rule_id not in catalogue())
    assert [found for found in unknown if found[0] not in ON_PURPOSE_WRONG] == []
