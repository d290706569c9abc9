"""Stripe's own validator of requests, started once for a session on free ports, ended by its own process id."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from deploy.setup import install_stripe_mock, stripe_mock

from .stripe_fake import StripeFake


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"stripe-mock ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("stripe-mock does not answer")


@pytest.fixture(scope="session")
def stripe_validator() -> Iterator[str]:
    """Its address. Left out only where Go is absent."""
    if not stripe_mock().exists() and shutil.which("go") is None:
        pytest.skip("stripe-mock needs Go")
    assert install_stripe_mock(), "stripe-mock could not be built"
    port = free_port()
    addresses = ["-http-addr", f"127.0.0.1:{port}", "-https-addr", f"127.0.0.1:{free_port()}"]
    process = subprocess.Popen([str(stripe_mock()), *addresses], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def stripe_edge(stripe_validator: str, settings: object) -> Iterator[StripeFake]:
    """A Stripe that remembers, behind which the validator looks at each request."""
    fake = StripeFake(stripe_validator)
    settings.STRIPE_SECRET_KEY = "sk_test_123"  # type: ignore[attr-defined]
    settings.STRIPE_WEBHOOK_SECRET = fake.secret  # type: ignore[attr-defined]
    settings.STRIPE_API_BASE = fake.start()  # type: ignore[attr-defined]
    yield fake
    fake.stop()
