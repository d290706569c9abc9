"""Makes a fresh Debian ready to run, test or check the project. Standard library only: nothing is there yet.

`setup.py run` installs what serving needs, `setup.py dev` what the tests and checks need as well. What is installed
is remembered by the hash of the lock file, so that the second call takes a blink.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
OLDEST = (3, 11)


def library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def chinese_fonts() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return any(next(folder.rglob("Noto*CJK*"), None) for folder in folders if folder.is_dir())


def postgresql_server() -> bool:
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def venv_module() -> bool:
    return PYTHON.exists() or importlib.util.find_spec("ensurepip") is not None


# Debian package → is it there?
TO_RUN: dict[str, Callable[[], bool]] = {
    "python3-venv": venv_module,
    "libpango-1.0-0": library("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": library("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": library("libharfbuzz-subset.so.0"),
    "fonts-noto-cjk": chinese_fonts,
}
TO_TEST: dict[str, Callable[[], bool]] = {
    **TO_RUN,
    "chromium": program("chromium"),
    "gettext": program("xgettext"),
    "postgresql": postgresql_server,
}


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"Failed: {' '.join(command)}")


def missing_packages(wanted: dict[str, Callable[[], bool]]) -> Iterator[str]:
    return (package for package, is_there in wanted.items() if not is_there())


def install_system_packages(wanted: dict[str, Callable[[], bool]]) -> None:
    """By apt where we may; otherwise the one line to type."""
    missing = list(missing_packages(wanted))
    if not missing:
        return
    line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"These system packages are missing. Type:\n\n    sudo sh -c '{line}'\n\nand start again.")
    say(f"Installing system packages: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["sh", "-c", line.replace("apt-get ", "apt-get -qq ")], env=environment, check=False)
    still = list(missing_packages(wanted))
    if done.returncode or still:
        sys.exit(f"Could not install {' '.join(still or missing)}. Type:\n\n    {line}\n")


def stripe_mock() -> Path:
    """Stripe's own validator of requests, beside the other things that tests share."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "yizhao-tests" / "bin" / "stripe-mock"


def install_stripe_mock() -> bool:
    """Built by Go, once. Without Go the tests that send requests to it are left out, and say so."""
    target = stripe_mock()
    if target.exists():
        return True
    if shutil.which("go") is None:
        say("Go is not here: tests that need stripe-mock are left out. Install Go 1.22 or newer to run them.")
        return False
    say("Building stripe-mock (a minute, once)")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment = {**os.environ, "GOFLAGS": "-mod=mod", "GOBIN": str(target.parent)}
    command = ["go", "install", "github.com/stripe/stripe-mock@latest"]
    done = subprocess.run(command, cwd=target.parent, env=environment, check=False)
    if done.returncode:
        say("stripe-mock could not be built: tests that need it fail.")
    return done.returncode == 0


def stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def lock_hash(kind: str) -> str:
    return hashlib.sha256(LOCKS[kind].read_bytes() + sys.version.encode()).hexdigest()


def is_installed(kind: str) -> bool:
    return stamp(kind).is_file() and stamp(kind).read_text() == lock_hash(kind)


def install_python_packages(kind: str) -> None:
    """A virtual environment with exactly the pinned packages, checked by their hashes."""
    if is_installed(kind):
        return
    if not PYTHON.exists():
        say("Creating .venv")
        run(sys.executable, "-m", "venv", str(VENV))
    say(f"Installing Python packages from {LOCKS[kind].name} (a minute or two, once)")
    # The lock file is complete, so pip resolves nothing: resolving, Debian 12's pip takes the newest release of what is
    # asked for with an extra, and gives up when that one is newer than the pinned one and so has no hash.
    pip = (
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--no-deps",
    )
    run(*pip, "-r", str(LOCKS[kind]))
    stamp(kind).write_text(lock_hash(kind))
    if kind == "dev":  # the development lock holds everything that running needs
        stamp("run").write_text(lock_hash("run"))


def compile_messages() -> None:
    run(str(PYTHON), "-m", "deploy.messages")


def main(kind: str) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    install_system_packages(TO_TEST if kind == "dev" else TO_RUN)
    install_python_packages(kind)
    compile_messages()
    if kind == "dev":
        install_stripe_mock()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit("Usage: setup.py run|dev")
    main(sys.argv[1])
