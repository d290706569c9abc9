"""The demo world, built once by `seed_demo` in a process of its own, then copied for each test that walks in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Membership, User

from .postgresql import is_chosen
from .templates import ROOT, SqliteDatabase, only_one, sqlite_template, store

KEPT = ("files", "keys", "media")


@dataclass(frozen=True)
class World:
    """Where the built world lies, and how much work its building was (seconds of a processor)."""

    folder: Path
    work: float

    @property
    def database(self) -> Path:
        return self.folder / "yizhao.sqlite3"

    def actor(self, email: str) -> Actor:
        user = User.objects.get(email=email)
        membership = Membership.objects.select_related("body").get(user=user, ended_at=None)
        return actor_for(user, membership, has_second_factor=user.authenticator_set.exists())


def world_key() -> str:
    digest = hashlib.sha256(sqlite_template().name.encode())
    for path in sorted((*ROOT.glob("marketplace/**/*.py"), *ROOT.glob("cms/**/*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def built_world() -> World:
    folder = store() / f"world-{world_key()}"
    with only_one(store() / "world.lock"):
        if not (folder / "work").exists():
            build(folder)
    return World(folder, float((folder / "work").read_text()))


def build(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(sqlite_template(), folder / "yizhao.sqlite3")
    environment = {**os.environ, "MARKETPLACE_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "marketplace.settings.dev"}
    for name in ("DATABASE_URL", "MARKETPLACE_TEST_DATABASE"):
        environment.pop(name, None)
    command = [sys.executable, str(ROOT / "manage.py"), "seed_demo"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"seed_demo failed:\n{done.stdout}\n{done.stderr}")
    (folder / "work").write_text(done.stdout.rpartition("of these ")[2].partition(" s")[0])
    for older in store().glob("world-*"):
        if older != folder:
            shutil.rmtree(older)


@pytest.fixture(scope="module")
def demo_world(django_db_setup: SqliteDatabase, private_folders: Path) -> Iterator[World]:
    """Each test of the module starts in a fresh copy of the world. On SQLite only: the world is one file."""
    if is_chosen():
        pytest.skip("The demo world is built on SQLite; services are tested on PostgreSQL one by one.")
    world, database = built_world(), django_db_setup
    earlier, folder = database.template, private_folders / "world"
    shutil.copytree(world.folder, folder, ignore=shutil.ignore_patterns("*.sqlite3*", "mail"), dirs_exist_ok=True)
    restore = pytest.MonkeyPatch()
    restore.setattr(settings, "MARKETPLACE_FILES", folder / "files")
    restore.setattr(settings, "MARKETPLACE_SEAL_KEY", folder / "keys" / "seal.key")
    restore.setattr(settings, "MARKETPLACE_LOG_KEY", folder / "keys" / "log.key")
    database.template = world.database
    database.reset()
    yield world
    restore.undo()
    database.template = earlier
    database.reset()
