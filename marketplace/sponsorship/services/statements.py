"""The bank's statement: imported whole or not at all, matched by reference and amount, the rest decided by two people.

Each credit is one payment, once by the bank's transaction number, in however many statements it stands.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..models import Agreement, BankLine, BankLineState, BankStatement, Gateway, Payment
from ..permissions import can_decide_line, can_keep_money, can_propose_line
from ..rules.statement import Credit, codes_in, read_rows
from .payments import Arrival, record_payment

LARGEST = 10 * 1024 * 1024


def import_statement(*, actor: Actor, name: str, content: bytes) -> BankStatement:
    """Reads CSV (UTF-8, GB 18030) or XLSX. Refuses missing columns and wrong rows, each named; nothing is kept then."""
    require_permission(can_keep_money(actor))
    if len(content) > LARGEST:
        raise MarketplaceError(_("The file is larger than 10 MB. Split it by month."), field="file")
    credits = read_rows(_rows(name, content))
    digest = hashlib.sha256(content).hexdigest()
    with audit.transaction() as log:
        if BankStatement.objects.filter(body_id=actor.body_id, sha256=digest).exists():
            raise MarketplaceError(_("This statement has been imported already."), field="file", code="repeated")
        statement = BankStatement.objects.create(
            body_id=actor.body_id,
            name=name[:200],
            sha256=digest,
            imported_by_id=actor.user_id,
            imported_at=clock.now(),
        )
        for credit in credits:
            _take(log, actor, statement, credit)
        log.record("bank_statement.imported", statement, actor, rows=len(credits), sha256=digest)
    return statement


def _rows(name: str, content: bytes) -> Iterable[Sequence[Any]]:
    if name.lower().endswith(".xlsx") or content[:2] == b"PK":
        try:
            sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise MarketplaceError(_("This is no Excel workbook. Save it as .xlsx or .csv."), field="file") from error
        return [tuple(row) for row in sheet.iter_rows(values_only=True)]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding))))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise MarketplaceError(_("The file cannot be read. Save it as CSV (UTF-8) or Excel (.xlsx)."), field="file")


def external_id(body_id: int, reference: str) -> str:
    """Transaction numbers are a bank's own: two bodies may have the same."""
    return f"{body_id}:{reference}"


def _take(log: Any, actor: Actor, statement: BankStatement, credit: Credit) -> None:
    line = BankLine(
        statement=statement,
        row=credit.row,
        booked_on=credit.booked_on,
        reference=credit.reference,
        amount=credit.amount,
        payer=credit.payer,
        text=credit.text,
        state=BankLineState.OPEN,
    )
    known = BankLine.objects.filter(statement__body_id=statement.body_id, reference=credit.reference)
    if known.exclude(state=BankLineState.OTHER, reason="").exists():
        line.state, line.reason = BankLineState.OTHER, _("Stands in an earlier statement")
    elif agreement := _meant(statement.body_id, credit.text):
        line.payment = _record(log, actor, agreement, line)
        line.state = BankLineState.MATCHED
    line.save()


def _meant(body_id: int, text: str) -> Agreement | None:
    """The one agreement of the body whose reference the payer wrote; two references are for people to read."""
    rows = list(Agreement.objects.filter(number__in=codes_in(text), call__lead_id=body_id).exclude(called_at=None)[:2])
    return rows[0] if len(rows) == 1 else None


def _record(log: Any, actor: Actor, agreement: Agreement, line: BankLine) -> Payment:
    """The bank knows the day only: it was paid at the day's beginning, or now if that is earlier."""
    paid_at = min(datetime.combine(line.booked_on, time(0), tzinfo=clock.ZONE), clock.now())
    arrival = Arrival(
        gateway=Gateway.BANK,
        external_id=external_id(line.statement.body_id, line.reference),
        amount=line.amount,
        currency=settings.MARKETPLACE_CURRENCY,
        paid_at=paid_at,
        payer=line.payer,
        method="bank",
    )
    return record_payment(log=log, actor=actor, agreement_id=agreement.pk, arrival=arrival)


def propose_line(*, actor: Actor, line_id: int, agreement_id: int | None, reason: str) -> BankLine:
    """What a line without a match is: an agreement's payment, or nothing of ours. A second person decides."""
    with audit.transaction() as log:
        line = locked(BankLine, line_id, "statement")
        require_permission(can_propose_line(actor, line))
        _expect(line, BankLineState.OPEN)
        if not reason.strip():
            raise MarketplaceError(_("Write down the reason."), field="reason")
        if agreement_id is not None:
            rows = Agreement.objects.filter(call__lead_id=actor.body_id).exclude(called_at=None)
            line.proposal = rows.filter(pk=agreement_id).first()
            if line.proposal is None:
                raise MarketplaceError(_("Choose an agreement that was called in."), field="agreement")
        line.state, line.reason, line.proposed_by_id = BankLineState.PROPOSED, reason.strip()[:400], actor.user_id
        line.save()
        log.record("bank_line.proposed", line, actor, amount=line.amount, reason=line.reason)
    return line


def _expect(line: BankLine, state: str) -> None:
    if line.state != state:
        raise MarketplaceError(_("This line is decided already."), code="wrong_state")


def decide_line(*, actor: Actor, line_id: int, is_right: bool) -> BankLine:
    """The second person: book it as proposed, or hand it back."""
    with audit.transaction() as log:
        line = locked(BankLine, line_id, "statement", "proposal")
        require_permission(can_decide_line(actor, line))
        _expect(line, BankLineState.PROPOSED)
        line.decided_by_id = actor.user_id
        if not is_right:
            line.state, line.proposal, line.proposed_by = BankLineState.OPEN, None, None
        elif line.proposal is None:
            line.state = BankLineState.OTHER
        else:
            line.payment = _record(log, actor, line.proposal, line)
            line.state = BankLineState.MATCHED
        line.save()
        log.record("bank_line.decided", line, actor, amount=line.amount, is_right=is_right)
    return line
