"""The table of the room: an agreement from its draft to its money."""

from django.utils.translation import gettext_lazy as _

from marketplace.lifecycle.engine import Lifecycle, Transition

from .models import AgreementStatus as A

AGREEMENT = Lifecycle(
    "agreement",
    (
        Transition("submit", (A.DRAFT,), A.SUBMITTED, _("Submit to the second officer"), who="officer"),
        Transition("return", (A.SUBMITTED,), A.DRAFT, _("Return with a reason"), who="approver"),
        Transition("offer", (A.SUBMITTED,), A.OFFERED, _("Offer to the sponsor"), who="approver"),
        Transition("take_back", (A.OFFERED,), A.DRAFT, _("Take back for correction"), who="approver or sponsor"),
        Transition("sign", (A.OFFERED,), A.SIGNED, _("Sign by both sides"), who="approver and sponsor"),
        Transition("call_in", (A.SIGNED,), A.CALLED, _("Open the payment"), who="officer or system"),
        Transition("pay", (A.CALLED, A.LAPSED), A.PAID, _("Book the payment"), who="system or finance"),
        Transition("lapse", (A.CALLED,), A.LAPSED, _("Lapse unpaid"), who="system"),
        Transition("cancel", (A.DRAFT, A.SUBMITTED, A.OFFERED, A.SIGNED), A.CANCELLED, _("Cancel"), who="approver"),
        Transition("refund", (A.PAID,), A.REFUNDED, _("Give back in full"), who="finance and approver"),
    ),
)

TABLES = (AGREEMENT,)
