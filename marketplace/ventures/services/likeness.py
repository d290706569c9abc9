"""Comparing the applications of a closed call with each other and with what else is funded or bought: evidence.

The comparing itself takes seconds and holds no lock; only its findings are written in a transaction.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import SYSTEM
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..likeness_sources import others_of
from ..models import Call, Likeness
from ..rules.likeness import compare
from ..selectors.likeness import earlier_applications, projects_of


def compare_applications(*, call_id: int) -> Call:
    """Writes what each application is like; what was found before and is not found any more stays in the record.

    Safe to repeat: a pair is one row, with the newest figures.
    """
    call = Call.objects.get(pk=call_id)
    if call.closed_at is None:
        raise MarketplaceError(_("Applications are compared after the closing."), rule_id="R-VENT-08")
    projects = projects_of(call)
    found = compare(list(projects.values()), [*earlier_applications(call), *others_of(call)])
    keys = {project.subject: pk for pk, project in projects.items()}
    with transaction() as log:
        call = locked(Call, call_id)
        count = 0
        for subject, alike in found.items():
            for each in alike:
                count += 1
                Likeness.objects.update_or_create(
                    application_id=keys[subject],
                    other_subject=each.other.subject,
                    defaults={
                        "other_title": each.other.title[:160],
                        "other_url": each.other.url[:300],
                        "text_percent": each.percent,
                        "same": ",".join(each.same),
                        "found_at": clock.now(),
                    },
                )
        call.compared_at = clock.now()
        call.save(update_fields=["compared_at"])
        log.record("call.compared", call, SYSTEM, applications=len(projects), found=count)
    return call
