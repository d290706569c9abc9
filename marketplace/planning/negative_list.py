"""The six cases of the negative list (R-GPS-05, Order 102, article 10), each of which the officer denies."""

from django.utils.translation import gettext_lazy as _

CASES = (
    ("outside_duties", _("It is outside the duties of the government")),
    ("own_duty", _("It is a duty that the government has to fulfil itself")),
    ("goods_or_works", _("It is goods or works, or works bundled with services")),
    ("financing", _("It is a way of financing")),
    ("hiring", _("It is the hiring of staff, labour dispatch or public-welfare posts")),
    ("other_ban", _("It is banned by another law or rule")),
)
