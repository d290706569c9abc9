"""Which rules of practice a call may switch off, with a reason (rules.md section 18: practice, not law)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from marketplace.core.catalogue import Enforcement, catalogue
from marketplace.core.decisions import Decision, allow, refuse

# Values that towns set differently. Who may apply (R-VENT-08), tranches that sum to the whole (R-VENT-09), mid-term
# checks (R-VENT-10) and everything of law stay on.
SWITCHABLE = ("R-VENT-02", "R-VENT-06", "R-VENT-07", "R-VENT-12", "R-VENT-14")
SHORTEST_REASON = 10


def may_be_switched_off(rule_id: str) -> bool:
    known = catalogue().get(rule_id)
    return rule_id in SWITCHABLE and known is not None and known.enforcement is Enforcement.CFG


def switch_decisions(off: Mapping[str, str]) -> list[Decision]:
    """What the page of switches says: each switched-off rule with its reason."""
    return [switch_decision(rule_id, reason) for rule_id, reason in off.items()] or [
        allow("", _("All rules of practice are on."))
    ]


def switch_decision(rule_id: str, reason: str) -> Decision:
    if not may_be_switched_off(rule_id):
        return refuse(_("This rule cannot be switched off."), rule_id, field=field_of(rule_id))
    if len(reason.strip()) < SHORTEST_REASON:
        words = _("Write the reason in %(least)s characters or more; it is published with the call.")
        return refuse(words % {"least": SHORTEST_REASON}, rule_id, field=field_of(rule_id))
    return allow(rule_id, _("Switched off: %(reason)s") % {"reason": reason.strip()})


def applied(decision: Decision, off: Mapping[str, str]) -> Decision:
    """A refusal of a rule that this call has switched off does not stand in the way."""
    if decision.allowed or decision.rule_id not in off:
        return decision
    if not switch_decision(decision.rule_id, off[decision.rule_id]).allowed:
        return decision
    return allow(decision.rule_id, _("Switched off: %(reason)s") % {"reason": off[decision.rule_id].strip()})


def field_of(rule_id: str) -> str:
    """R-VENT-06 → off_r_vent_06: the field of the page."""
    return "off_" + rule_id.lower().replace("-", "_")
