"""The unified social credit code (R-ORG-01 to -05) and which body it may stand for (R-GPS-01 to -03).

Example: `52990000AAAA00015L` is a social service agency of the invented region 990000; with a last character
other than L it is refused under R-ORG-02.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from marketplace.core.decisions import ALLOWED, Decision, Level, allow, refuse

from ..roles import BodyKind

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGISTRARS = "123456789ANY"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CODE_LENGTH = 18


def clean_code(text: str) -> str:
    """As stored: upper case, without the blanks and hyphens that people type."""
    return uscc.compact(text)


def check_form(code: str) -> Decision:
    """R-ORG-01: 18 characters of the alphabet; a known registrar first, six digits of a region from the third on."""
    if len(code) != CODE_LENGTH:
        return _refused(
            _("The code has %(count)d characters, it must have 18. Copy it from the registration certificate.")
            % {"count": len(code)},
            "R-ORG-01",
        )
    strange = sorted({character for character in code if character not in ALPHABET})
    if strange:
        return _refused(
            _("«%(characters)s» does not occur in credit codes (nor do I, O, S, V, Z). Compare with the certificate.")
            % {"characters": " ".join(strange)},
            "R-ORG-01",
        )
    if code[0] not in REGISTRARS or not code[2:8].isdigit():
        return _refused(
            _("The first character names the registrar, the third to eighth are digits of a region. "
              "Compare with the certificate."),
            "R-ORG-01",
        )  # fmt: skip
    return allow("R-ORG-01")


def check_checksum(code: str) -> Decision:
    """R-ORG-02: the last character is computed from the others (any of the 31)."""
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return _refused(
            _("The last character does not fit the others, so a character is mistyped. Compare with the certificate."),
            "R-ORG-02",
        )
    return allow("R-ORG-02")


def body_check_character(body: str) -> str:
    """GB 11714: the ninth character of the organization's own number, from its first eight."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, BODY_WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def check_body_number(code: str) -> Decision:
    """R-ORG-03: characters 9 to 17 carry a check of their own; a misfit is a warning only."""
    if body_check_character(code[8:16]) != code[16]:
        return refuse(
            _("The organization's own number in the code (characters 9 to 17) does not fit its check character. "
              "If the certificate shows it so, confirm that and go on."),
            "R-ORG-03",
            level=Level.WARN,
            field="code",
        )  # fmt: skip
    return allow("R-ORG-03")


def check_code(code: str) -> list[Decision]:
    """All decisions on a code, the first blocking one last: what comes after it could not be computed."""
    decisions: list[Decision] = []
    for check in (check_form, check_checksum, check_body_number):
        decisions.append(check(code))
        if decisions[-1].blocks:
            break
    return decisions


def region_of(code: str) -> str:
    return code[2:8]


ADMISSIBLE: dict[str, tuple[str, ...]] = {
    BodyKind.GOVERNMENT: ("11", "12", "13"),
    BodyKind.SUPERVISOR: ("11",),
}


def check_admission(kind: str, code: str) -> Decision:
    """R-GPS-01: a buyer is a state organ (11); institutions and group organizations (12, 13) only by reference."""
    prefixes = ADMISSIBLE.get(kind)
    if prefixes is None:
        return ALLOWED
    if code[:2] not in prefixes:
        return _refused(
            _("A code that begins with %(prefix)s is not that of a state organ (11). Choose the kind that fits.")
            % {"prefix": code[:2]},
            "R-GPS-01",
        )
    if code[:2] != "11":
        return refuse(
            _("Institutions (12) and group organizations (13) buy by reference to the rules for state organs only. "
              "Write down on what ground this one buys."),
            "R-GPS-01",
            level=Level.WARN,
            field="reason",
        )  # fmt: skip
    return allow("R-GPS-01")


def check_supplier(code: str) -> Decision:
    """R-GPS-02, R-GPS-03: state organs do not supply; 12 and 13 may be of the kind that may not (a warning)."""
    if code[:2] == "11":
        return _refused(
            _("A code that begins with 11 is that of a state organ, which buys and does not supply. "
              "A buyer is admitted by the operator of the marketplace."),
            "R-GPS-02",
        )  # fmt: skip
    if code[:2] in ("12", "13"):
        return refuse(
            _("Public institutions of class I and group organizations with budgeted staff may neither buy nor supply. "
              "The code does not tell; confirm that your body is none of these."),
            "R-GPS-03",
            level=Level.WARN,
            field="code",
        )  # fmt: skip
    return allow("R-GPS-02")


def valid_uscc(prefix: str, region: str, serial: int) -> str:
    """An invented code that passes R-ORG-01 to -03, for demo and tests: `valid_uscc("52", "310106", 7)`."""
    body = f"{serial:08d}"
    start = prefix + region + body + body_check_character(body)
    return start + uscc.calc_check_digit(start)


def _refused(reason: str, rule_id: str) -> Decision:
    return refuse(reason, rule_id, field="code")
