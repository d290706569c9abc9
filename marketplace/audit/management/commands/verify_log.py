"""`manage.py verify_log [FILE]`: exit 0 when the log holds, 1 with the first broken entry when it does not."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.audit.reading import witness_in
from marketplace.audit.verification import Report, verify
from marketplace.audit.witness import Witness


class Command(BaseCommand):
    help = "Recompute the whole log; with a witness (JSON, mail, PDF, text) prove that nothing before it was rewritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a receipt, letter, mail or witness file")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        witness = self._witness(file) if file else None
        report = verify(witness)
        for finding in sorted(report.findings, key=lambda found: found.place)[:20]:
            self.stderr.write(str(finding))
        if not report.is_good:
            raise CommandError(_("The log does not hold. First: %(finding)s") % {"finding": report.first})
        self._say(report, witness)

    def _witness(self, file: Path) -> Witness:
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        witness = witness_in(file)
        if witness is None:
            raise CommandError(_("No witness was found in %(file)s.") % {"file": file})
        return witness

    def _say(self, report: Report, witness: Witness | None) -> None:
        self.stdout.write(
            _("%(size)d entries (%(erased)d erased), %(heads)d signed heads: every hash and signature holds.")
            % {"size": report.size, "erased": report.erased, "heads": report.heads}
        )
        self.stdout.write(_("Root: %(root)s") % {"root": report.root.hex()})
        if witness is not None:
            self.stdout.write(
                _("The witness of %(time)s over %(size)d entries is the beginning of this log.")
                % {"time": witness.time.isoformat(), "size": witness.size}
            )
