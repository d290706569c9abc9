"""The tables of a year's list and of an intention notice."""

from django.utils.translation import gettext_lazy as _

from marketplace.lifecycle.engine import Lifecycle, Transition

from .models import IntentionStatus as I, ListStatus as S

LIST = Lifecycle(
    "purchase_list",
    (
        Transition("submit", (S.DRAFT,), S.SUBMITTED, _("Submit for approval"), who="officer"),
        Transition("return", (S.SUBMITTED,), S.DRAFT, _("Return with a reason"), who="approver"),
        Transition("publish", (S.SUBMITTED,), S.PUBLISHED, _("Publish"), who="approver"),
        Transition("supplement", (S.PUBLISHED,), S.DRAFT, _("Add to the published list"), who="officer"),
    ),
)

INTENTION = Lifecycle(
    "intention",
    (
        Transition("submit", (I.DRAFT,), I.SUBMITTED, _("Submit for approval"), who="officer"),
        Transition("return", (I.SUBMITTED,), I.DRAFT, _("Return with a reason"), who="approver"),
        Transition("publish", (I.SUBMITTED,), I.PUBLISHED, _("Publish"), who="approver"),
    ),
)
