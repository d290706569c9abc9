"""What a credit code says about an organization (R-ORG-04), and when evidence may be used."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

KIND_BY_PREFIX = {
    "51": "association",
    "52": "service_agency",
    "53": "foundation",
    "91": "enterprise",
    "92": "enterprise",
    "93": "enterprise",
}


def kind_of(code: str) -> str:
    """R-ORG-04: 51 association, 52 social service agency, 53 foundation, 91 company; the rest is «other»."""
    return KIND_BY_PREFIX.get(code[:2], "other")


def check_usable(valid_until: date | None, is_withdrawn: bool, today: date) -> Decision:
    """Whether a document of the evidence file may be put into a bid today (R-ELIG-02). Valid through its last day."""
    if is_withdrawn:
        return refuse(_("This document was withdrawn."), "R-ELIG-02")
    if valid_until is not None and valid_until < today:
        return refuse(_("This document has expired. Upload the new one."), "R-ELIG-02", due=valid_until)
    return allow("R-ELIG-02")


def check_account(bank_name: str, bank_account: str) -> Decision:
    """An account number has 8 to 30 digits; blanks are for the eye."""
    if not bank_name.strip():
        return refuse(_("Name the bank with its branch, as on the account's certificate."), field="bank_name")
    digits = "".join(bank_account.split())
    if not digits.isascii() or not digits.isdigit() or not 8 <= len(digits) <= 30:
        return refuse(
            _("An account number has 8 to 30 digits. Compare with the account's certificate."), field="bank_account"
        )
    return allow()
