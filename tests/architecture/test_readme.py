"""The README says what is: settings, commands, demo logins, rooms, and links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from marketplace.demo.people import PASSWORD, PEOPLE

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
READERS = [
    *sorted((ROOT / "marketplace" / "settings").glob("*.py")),
    ROOT / "deploy" / "serve.py",
    ROOT / "tests" / "support" / "machine.py",
]
READS = re.compile(r"""(?:\benv(?:\.\w+)?\(|os\.environ\.get\(|"DATABASE_URL" not in)\s*"([A-Z_]+)\"""")


def table(name: str) -> list[list[str]]:
    """Cells of the rows of the table between two marks."""
    part = README.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.strip().splitlines()]
    return rows[2:]


def test_settings_table_names_exactly_what_is_read():
    read = {name for path in READERS for name in READS.findall(path.read_text(encoding="utf-8"))}
    listed = [name for row in table("settings") for name in re.findall(r"`([A-Z_]+)`", row[0])]
    assert "SECRET_KEY" in read and len(read) > 10
    assert sorted(listed) == sorted(read)


def test_nothing_else_of_ours_reads_the_environment():
    """`settings` alone reads it, so that the table above is complete."""
    allowed = {
        ROOT / "deploy" / "serve.py",
        ROOT / "deploy" / "setup.py",
        ROOT / "manage.py",
        ROOT / "marketplace/wsgi.py",
    }
    files = [path for place in ("marketplace", "cms", "deploy") for path in (ROOT / place).rglob("*.py")]
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in files
        if path not in allowed and "settings" not in path.parts and re.search(r"os\.(environ|getenv)", path.read_text())
    ]
    assert readers == []


def test_commands_table_names_exactly_our_commands():
    ours = {name for name, app in get_commands().items() if str(app).startswith(("marketplace.", "cms"))}
    listed = {re.findall(r"`([a-z_]+)", row[0])[0] for row in table("commands")}
    assert listed == ours


def test_demo_logins_are_the_demo_worlds():
    listed = {(row[0].strip("`"), row[2]) for row in table("demo-logins")}
    assert listed == {(person.email, person.what_to_try) for person in PEOPLE}
    assert f"`{PASSWORD}`" in README


def test_map_names_every_room():
    rooms = {path.name for path in (ROOT / "marketplace").iterdir() if (path / "apps.py").exists()}
    assert rooms == set(re.findall(r"`marketplace/(\w+)`", README))


@pytest.mark.parametrize(
    "document", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=lambda path: path.name
)
def test_links_lead_somewhere(document):
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_no_file_names_a_registry_or_a_path_of_a_machine():
    """The lock files install from whatever registry the machine is set up for."""
    looked_at = [ROOT / name for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "Makefile")]
    looked_at += [*(ROOT / "deploy").glob("*.py"), ROOT / ".ci" / "run"]
    pattern = re.compile(r"--(?:extra-)?index-url|--find-links|pypi\.org|/root/|/work/|/home/\w")
    found = [(path.name, hit) for path in looked_at for hit in pattern.findall(path.read_text(encoding="utf-8"))]
    assert found == [] or all(hit == "--no-emit-index-url" for _name, hit in found)
