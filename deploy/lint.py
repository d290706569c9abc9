"""`make lint`: runs every check, prints what each finds, and fails if any does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def templates() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("templates/**/*.html"))]


def checks() -> dict[str, list[str]]:
    return {
        "ruff": ["ruff", "check", "--quiet", "."],
        "ruff format": ["ruff", "format", "--check", "--quiet", "."],
        "layers": ["lint-imports"],
        "djade": ["djade", "--target-version", "5.2", "--check", *templates()],
        "djhtml": ["djhtml", "--tabwidth", "2", "--check", *templates()],
        "mypy": ["mypy"],
    }


def main() -> int:
    failed = []
    for name, (tool, *arguments) in checks().items():
        done = subprocess.run([str(BIN / tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
