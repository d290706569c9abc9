"""Ways for money to come in and go back, behind one small interface. The bank transfer is always there."""

from __future__ import annotations

from typing import Protocol

from ..models import Gateway, Refund
from . import bank, stripe_gateway


class GatewayModule(Protocol):
    """What the services ask of a way."""

    @staticmethod
    def is_ready() -> bool:
        """Whether it may be offered: keys are set."""

    @staticmethod
    def method_of(external_id: str) -> str:
        """How the money was paid, which decides how it goes back."""

    @staticmethod
    def send_refund(refund: Refund) -> str:
        """Ask for the money to go back; answers the gateway's id, or "" when a person transfers it by hand."""


GATEWAYS: dict[str, GatewayModule] = {Gateway.BANK: bank, Gateway.STRIPE: stripe_gateway}  # type: ignore[dict-item]


def gateway_of(name: str) -> GatewayModule:
    return GATEWAYS[name]
