"""`make run`: builds the demo world once, then keeps web and worker in the foreground until Ctrl-C.

Web and worker are children in sessions of their own: Ctrl-C reaches this process only, which ends both by their
process ids and waits for them. If this process is killed, the kernel ends them.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("MARKETPLACE_VAR", ROOT / "var"))
HOST = os.environ.get("MARKETPLACE_HOST", "127.0.0.1")
PORT = int(os.environ.get("MARKETPLACE_PORT", "8000"))
ADDRESS = f"http://{'localhost' if HOST == '127.0.0.1' else HOST}:{PORT}"
OWN_DATABASE = "DATABASE_URL" not in os.environ
BUILT = VAR / "built"
MIGRATED = VAR / "migrated"
OF_THE_WORLD = ("yizhao.sqlite3*", "files", "media", "mail", "keys", "built", "migrated")
PATIENCE = 25
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def environment() -> dict[str, str]:
    """Links in mails and documents lead to where this server listens, unless another public address is set."""
    return {"MARKETPLACE_BASE_URL": ADDRESS, **os.environ}


def manage(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment(), check=False)
    if done.returncode:
        sys.exit(f"Failed: manage.py {' '.join(arguments)}")


def lock() -> IO[str]:
    """One server per data folder. Held until this process ends."""
    VAR.mkdir(parents=True, exist_ok=True)
    handle = (VAR / "serving.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another `make run` uses {VAR}. Stop it first (Ctrl-C in its window).")
    return handle


def require_free_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            sys.exit(f"Cannot listen on {HOST}:{PORT} ({error.strerror}). Try: MARKETPLACE_PORT=8001 make run")


def forget_world() -> None:
    """Only what a world consists of goes; databases of the tests stay."""
    for pattern in OF_THE_WORLD:
        for path in VAR.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def migrations_hash() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("**/migrations/*.py")):
        if ".venv" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def build_world(*, fresh: bool) -> None:
    """Migrate when migrations changed; build the demo world when there is none, or only a half of one."""
    if not OWN_DATABASE:
        if fresh:
            sys.exit("`make fresh` starts over on the SQLite file only; DATABASE_URL points elsewhere.")
        manage("migrate", "--verbosity=1")
        return
    if fresh or not BUILT.exists():
        forget_world()
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    if not MIGRATED.exists() or MIGRATED.read_text() != migrations_hash():
        say("Creating the tables")
        manage("migrate", "--verbosity=0")
        MIGRATED.write_text(migrations_hash())
    if not BUILT.exists():
        say("Building the demo world (a minute or two, once)")
        manage("seed_demo")
        BUILT.touch()


def tie_to_parent() -> None:
    """Between fork and exec: leave with the supervisor even when that is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=tie_to_parent, env=environment())


def start_web() -> subprocess.Popen[bytes]:
    options = "--worker-class=gthread --workers=1 --threads=8 --timeout=120 --graceful-timeout=15 --log-level=warning"
    bind = f"--bind={HOST}:{PORT}"
    return start(sys.executable, "-m", "gunicorn", "marketplace.wsgi", bind, *options.split())


def start_worker() -> subprocess.Popen[bytes]:
    return start(sys.executable, "manage.py", "worker")


def wait_for_web(web: subprocess.Popen[bytes]) -> bool:
    for _attempt in range(600):
        if web.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://{HOST}:{PORT}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def print_welcome() -> None:
    from marketplace.demo.people import PASSWORD, PEOPLE

    print(f"\n  益招 Yizhao   {ADDRESS}/\n")
    print(f"  演示登录 Demo logins, password {PASSWORD} (one-time codes: see the sign-in page)")
    for what_to_try, people in groupby(PEOPLE, key=lambda person: person.what_to_try):
        emails = [person.email for person in people]
        name = emails[0] if len(emails) == 1 else f"{emails[0]} … {len(emails)}"
        print(f"    {name:<32} {what_to_try}")
    print("\n  Ctrl-C stops everything.\n", flush=True)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to finish what it does, wait, and only then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Stopped(Exception):
    """Somebody asked us to end."""


def raise_stopped(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def supervise(children: list[subprocess.Popen[bytes]]) -> int:
    """Until asked to stop (0), or until one of the two ends by itself (1)."""
    while all(child.poll() is None for child in children):
        time.sleep(0.3)
    return 1


def serve() -> int:
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.append(start_web())
        children.append(start_worker())
        if wait_for_web(children[0]):
            print_welcome()
        code = supervise(children)
        print("Web or worker ended unexpectedly; see the lines above.", file=sys.stderr)
    except Stopped:
        code = 0
        say("Stopping")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        stop(children)
    return code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--fresh", action="store_true", help="forget the demo world and build it anew")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, raise_stopped)
    try:
        held = lock()
        require_free_port()
        build_world(fresh=options.fresh)
        code = serve()
        held.close()
    except Stopped:
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    main()
