"""Databases for tests: migrated once per state of the migrations, then copied for each worker and each reset.

Wagtail's migrations take most of a minute; a copy takes milliseconds. Templates lie in the user's cache folder, so that
several checkouts share them; the name is a hash of our migrations and of the lock file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import django.db
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


class TestDatabase(Protocol):
    """One worker's own database."""

    def create(self) -> None:
        """Make it, as a copy of the template, and point Django's connections to it."""

    def reset(self) -> None:
        """Bring it back to the template: what a test committed is gone, migrated rows are there again."""

    def destroy(self) -> None: ...


def store() -> Path:
    """Of templates."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "yizhao-tests"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def template_key() -> str:
    """Changes when a migration of ours or the lock file changes; comments (Django dates each file) do not count."""
    digest = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes())
    migrations = [*sorted(ROOT.glob("cms/migrations/*.py")), *sorted(ROOT.glob("marketplace/*/migrations/*.py"))]
    for path in [*migrations, ROOT / "cms" / "first_pages.py"]:  # what a migration writes counts too
        code = [line for line in path.read_bytes().splitlines() if not line.startswith(b"#")]
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + b"\n".join(code))
    return digest.hexdigest()[:16]


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Workers wait here while the first of them builds."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def migrate(database_url: str) -> None:
    """Run the migrations in a process of their own, so that none of its state reaches the tests."""
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "marketplace.settings.test"}
    environment.pop("MARKETPLACE_TEST_DATABASE", None)
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"migrate failed:\n{done.stdout}\n{done.stderr}")


KEPT = 6


def drop_older(pattern: str) -> None:
    """Templates of earlier migrations only take room; some of other checkouts may be in use."""
    for path in sorted(store().glob(pattern), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def sqlite_template() -> Path:
    path = store() / f"template-{template_key()}.sqlite3"
    with only_one(path.with_suffix(".lock")):
        if not path.exists():
            building = path.with_suffix(".building")
            building.unlink(missing_ok=True)
            migrate(f"sqlite:///{building}")
            building.rename(path)
        os.utime(path)  # in use: others' go first
        drop_older("template-*.sqlite3")
    return path


class SqliteDatabase:
    """A copy of the template file. Resetting writes the template's pages over it, under open connections.

    The pages come from a second copy: the template may be dropped meanwhile, when another checkout needs the room.
    """

    def __init__(self, worker: str) -> None:
        folder = settings.VAR / "tests"
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"run-{os.getpid()}-{worker}.sqlite3"
        self.pristine = folder / f"{self.path.name}.pristine"

    def create(self) -> None:
        template = sqlite_template()
        shutil.copyfile(template, self.pristine)
        shutil.copyfile(template, self.path)
        django.db.connections.close_all()
        django.db.connections.settings["default"]["NAME"] = str(self.path)

    def reset(self) -> None:
        django.db.connections.close_all()
        source, target = sqlite3.connect(self.pristine), sqlite3.connect(self.path, timeout=20)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()

    def destroy(self) -> None:
        django.db.connections.close_all()
        for path in self.path.parent.glob(self.path.name + "*"):
            path.unlink(missing_ok=True)
