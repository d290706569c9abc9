"""Handing an application in, replacing it, withdrawing it, writing on; the correction after the pre-review; the
improved version while it is coached.

`received_at` is taken when the request has been read, before any lock, and alone decides whether it came in time.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.canonical import canonical
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, Refused
from marketplace.core.locking import locked
from marketplace.core.rules.time import in_time
from marketplace.documents.generation import request_document
from marketplace.web.wizard import open_points

from ..events import ApplicationImproved, ApplicationSubmitted, ApplicationWithdrawn
from ..lifecycle import APPLICATION
from ..models import Application, ApplicationStatus, ApplicationVersion, Assessment, Call
from ..rules.application import check_list
from ..rules.eligibility import eligibility_decisions, takes_applications
from ..selectors.application import applicant_of, content_of, facts_of
from ..selectors.assessment import mentorship_of
from .application import locked_own, may_improve

STEPS: dict[str, str] = {ApplicationStatus.CORRECTION: "correct", ApplicationStatus.ACCEPTED: "improve"}
RECEIPT_PREFIX = "SB"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def submit_application(
    *, actor: Actor, application_id: object, received_at: datetime, declares: bool, version: int | None = None
) -> ApplicationVersion:
    """Freezes what the draft holds as the next version, with hash and receipt; the last one counts.

    Refused with the first rule that does not hold; late; without the declaration (R-VENT-08); from a page that shows
    another `version` of the draft. The same content again answers the version that stands.
    """
    with transaction() as log:
        call = locked(Call, _call_of(application_id), "lead")
        lock_assessment(call)
        application = locked_own(actor, application_id)
        application.call = call
        content = content_of(application)
        digest = hashlib.sha256(canonical(content)).hexdigest()
        standing = application.versions.last()
        if _stands(application, standing, digest):
            return standing  # type: ignore[return-value]
        step = STEPS.get(application.status, "submit")
        require(
            _in_time(application, received_at),
            _changed(step, standing, digest),
            *eligibility_decisions(applicant_of(actor, call, without=application)),
            _declared(declares),
        )
        _require_current(application, version)
        _require_complete(check_list(facts_of(content, call)))
        APPLICATION.apply(application, step, actor=actor)
        made = _freeze(application, actor, content, digest, received_at)
        log.record(_action(step, made), made, actor, sha256=digest, received_at=received_at)
        announce(ApplicationImproved(made.pk) if step == "improve" else ApplicationSubmitted(made.pk))
        if step != "submit":
            call.compared_at = None
            call.save(update_fields=["compared_at"])
        request_document("application_receipt", made)
        request_document("application_copy", made)
    return made


def _call_of(application_id: object) -> int | None:
    return Application.objects.filter(pk=str(application_id)).values_list("call_id", flat=True).first()


def lock_assessment(call: Call) -> None:
    """So that the scoring does not begin while an improved version is being taken."""
    row = Assessment.objects.filter(call=call).values_list("pk", flat=True).first()
    if row is not None:
        locked(Assessment, row)


def _stands(application: Application, standing: ApplicationVersion | None, digest: str) -> bool:
    """Whether exactly this was handed in already, at this step."""
    if standing is None or standing.sha256 != digest:
        return False
    if application.status == ApplicationStatus.ACCEPTED:
        mentorship = mentorship_of(application)
        first = mentorship.first_version if mentorship else None
        return first is not None and standing.number > first.number
    return application.status == ApplicationStatus.SUBMITTED


def _in_time(application: Application, received_at: datetime) -> Decision:
    if application.status == ApplicationStatus.CORRECTION:
        until = application.correct_until
        if until is not None and in_time(received_at, until):
            return allow("R-TIME-04")
        return refuse(_("The days for the correction are over."), "R-TIME-04", due=until)
    if application.status == ApplicationStatus.ACCEPTED:
        return may_improve(application, received_at)
    call = application.call
    return takes_applications(call.status, call.opens_at, call.deadline, received_at)  # type: ignore[arg-type]


def _changed(step: str, standing: ApplicationVersion | None, digest: str) -> Decision:
    if step == "submit" or standing is None or standing.sha256 != digest:
        return allow()
    if step == "improve":
        return refuse(_("Nothing has been changed yet: improve what you and your mentor agreed on, then hand it in."))
    return refuse(_("Nothing has been changed yet: correct what the funder named, then hand it in."))


def _declared(declares: bool) -> Decision:
    words = _("Confirm the declaration: who applies answers for it.")
    return allow("R-VENT-08") if declares else refuse(words, "R-VENT-08", field="declares")


def _require_current(application: Application, version: int | None) -> None:
    if version is not None and version != application.version:
        raise MarketplaceError(
            _("A colleague has changed the application since this page was opened. Look at it again, then hand it in."),
            code="stale",
        )


def _require_complete(checks: dict[str, list[Decision]]) -> None:
    missing = open_points(checks)
    if missing:
        raise Refused(missing[0])


def _freeze(
    application: Application, actor: Actor, content: dict[str, Any], digest: str, received_at: datetime
) -> ApplicationVersion:
    application.submitted_at = application.submitted_at or received_at
    application.correct_until = None
    application.form = application.call.form_versions.order_by("-number")[0]
    application.save(update_fields=["submitted_at", "correct_until", "form"])
    return application.versions.create(
        number=application.versions.count() + 1,
        content=content,
        sha256=digest,
        receipt_number=new_receipt_number(received_at),
        submitted_by_id=actor.user_id,
        received_at=received_at,
    )


def _action(step: str, version: ApplicationVersion) -> str:
    if step != "submit":
        return "application.corrected" if step == "correct" else "application.improved"
    return "application.submitted" if version.number == 1 else "application.replaced"


def new_receipt_number(received_at: datetime) -> str:
    """SB-20260620-7K3M9QWX: the day, and letters that tell nothing about how many there are."""
    tail = "".join(secrets.choice(ALPHABET) for _place in range(8))
    return f"{RECEIPT_PREFIX}-{received_at.astimezone(clock.ZONE):%Y%m%d}-{tail}"


def withdraw_application(*, actor: Actor, application_id: object, received_at: datetime) -> Application:
    """Takes the application back before the deadline. A second time changes nothing; versions are kept."""
    with transaction() as log:
        call = locked(Call, _call_of(application_id), "lead")
        application = locked_own(actor, application_id)
        application.call = call
        if application.status == ApplicationStatus.WITHDRAWN:
            return application
        require(_in_time(application, received_at))
        APPLICATION.apply(application, "withdraw", actor=actor)
        application.withdrawn_at = received_at
        application.save(update_fields=["withdrawn_at"])
        log.record("application.withdrawn", application, actor, received_at=received_at)
        announce(ApplicationWithdrawn(application.pk))
    return application


def reopen_application(*, actor: Actor, application_id: object) -> Application:
    """Writes on a withdrawn application, if the organization may still have one in this call."""
    with transaction() as log:
        call = locked(Call, _call_of(application_id), "lead")
        application = locked_own(actor, application_id)
        application.call = call
        require(
            takes_applications(call.status, call.opens_at, call.deadline, clock.now()),  # type: ignore[arg-type]
            *eligibility_decisions(applicant_of(actor, call, without=application)),
        )
        APPLICATION.apply(application, "reopen", actor=actor)
        application.withdrawn_at = None
        application.save(update_fields=["withdrawn_at"])
        log.record("application.reopened", application, actor)
    return application
