"""A real PostgreSQL for the tests: Debian's, in a folder of its own, on a free port, gone afterwards.

The controlling pytest process starts one cluster and tells its workers by the environment. The cluster starts
from a data folder that was migrated once (see `templates`); each worker gets its database by `TEMPLATE`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import django.db
import psycopg

from .templates import drop_older, migrate, only_one, store, template_key

CHOICE = "MARKETPLACE_TEST_DATABASE"
PORT = "MARKETPLACE_TEST_POSTGRESQL_PORT"
TEMPLATE = "yizhao_template"
SPEED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]


def is_chosen() -> bool:
    return os.environ.get(CHOICE) == "postgresql"


def program(name: str) -> str:
    """Debian keeps the server's programs out of PATH, one folder per version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which(name)
    if not found and not on_path:
        raise RuntimeError("PostgreSQL is not installed. Type: apt-get install postgresql")
    return str(found[-1]) if found else str(on_path)


def as_owner(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as its own user, and dies with us if we are killed."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig", "INT", "--", *command]
    user = pwd.getpwnam("postgres")
    ids = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return ["setpriv", *ids, "--pdeathsig", "INT", "--", *command]


def give_to_owner(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, "postgres", "postgres")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A running server. `data` is kept by the caller; `stop()` ends the process by its id."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.port = folder, folder / "data", free_port()

    def start(self) -> None:
        options = [flag for setting in SPEED for flag in ("-c", setting)]
        listen = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"]
        command = [program("postgres"), "-D", str(self.data), "-p", str(self.port), *listen, *options]
        self.output = (self.folder / "server.log").open("wb")
        self.process = subprocess.Popen(
            as_owner(command), stdout=self.output, stderr=subprocess.STDOUT, cwd=self.folder
        )
        self.wait()

    def wait(self) -> None:
        for _attempt in range(200):
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("PostgreSQL did not start:\n" + (self.folder / "server.log").read_text()[-2000:])

    def address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # «fast»: ends sessions, writes everything, leaves
        self.process.wait(timeout=30)
        self.output.close()


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="yizhao-postgresql-"))
    folder.chmod(0o755)
    give_to_owner(folder)
    return folder


def build_template(folder: Path) -> None:
    """A data folder with one migrated database that others are made from."""
    command = [program("initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(as_owner([*command, "--locale=C.UTF-8"]), check=True, stdout=subprocess.DEVNULL, cwd=folder)
    cluster = Cluster(folder)
    cluster.start()
    try:
        run(cluster.port, f"CREATE DATABASE {TEMPLATE}")
        migrate(cluster.address(TEMPLATE))
    finally:
        cluster.stop()


def data_template() -> Path:
    path = store() / f"postgresql-{template_key()}"
    with only_one(path.with_suffix(".lock")):
        if not path.exists():
            folder = new_folder()
            try:
                build_template(folder)
                shutil.copytree(folder / "data", path.with_suffix(".building"), dirs_exist_ok=True)
                path.with_suffix(".building").rename(path)
            finally:
                shutil.rmtree(folder)
        os.utime(path)
        drop_older("postgresql-*[0-9a-f]")
    return path


def start_cluster() -> Cluster:
    folder = new_folder()
    shutil.copytree(data_template(), folder / "data")
    (folder / "data").chmod(0o700)
    give_to_owner(folder)
    cluster = Cluster(folder)
    cluster.start()
    os.environ[PORT] = str(cluster.port)
    return cluster


def stop_cluster(cluster: Cluster) -> None:
    cluster.stop()
    shutil.rmtree(cluster.folder)


def run(port: int | str, *statements: str) -> None:
    with psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


class PostgresqlDatabase:
    """A database of the running cluster, made from the migrated one."""

    def __init__(self, worker: str) -> None:
        self.name = f"test_{os.getpid()}_{worker}"
        self.port = os.environ[PORT]

    def create(self) -> None:
        django.db.connections.close_all()
        address = {"NAME": self.name, "HOST": "127.0.0.1", "PORT": self.port, "USER": "postgres"}
        django.db.connections.settings["default"].update(address)
        run(self.port, f"CREATE DATABASE {self.name} TEMPLATE {TEMPLATE}")

    def reset(self) -> None:
        self.destroy()
        run(self.port, f"CREATE DATABASE {self.name} TEMPLATE {TEMPLATE}")

    def destroy(self) -> None:
        django.db.connections.close_all()
        run(self.port, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
