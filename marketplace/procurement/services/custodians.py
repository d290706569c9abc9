"""Custodians: their keys, the trial share that proves a key, the appointment, and the naming for a tender.

The passphrase's work (1.2 s, with the interpreter held) is done before any transaction and one at a time.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time

import pyrage
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import Decision, refuse, require, require_permission
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.documents.encryption import CannotDecrypt, decrypt, encrypt, is_recipient, new_identity, recipient_of
from marketplace.lifecycle.drafts import count, require_fresh

from ..models import CustodianAppointment, CustodianKey, Tender, TenderCustodian, TenderStatus, TrialShare
from ..permissions.bids import can_appoint_custodian, can_keep_share, can_name_custodians
from ..rules.custodians import custodians_suffice
from ..selectors.custodians import candidates_for, is_proved, keys_in_use, named_keys

PASSPHRASE_LENGTH = 16
WORK_FACTOR = 16
TRIES = 8
TOO_MUCH_WORK = "Excessive work"
_one_at_a_time = threading.Lock()


@sensitive_variables()
def make_custodian_key(*, actor: Actor, passphrase: str) -> CustodianKey:
    """Make a key pair for the custodian; the identity is stored under the passphrase only. Adds a trial share."""
    require_permission(can_keep_share(actor))
    require(_long_enough(passphrase))
    identity = new_identity()
    return _add_key(actor, recipient_of(identity), _protect(identity, passphrase))


@sensitive_variables()
def _protect(identity: str, passphrase: str) -> bytes:
    """The identity under the passphrase. A busy machine measures itself slow and would protect it weakly: try again."""
    tried: list[tuple[int, bytes]] = []
    while len(tried) < TRIES and max(tried, default=(0, b""))[0] < WORK_FACTOR:
        with _one_at_a_time:
            protected = pyrage.passphrase.encrypt(identity.encode(), passphrase)
        tried.append((work_factor(protected), protected))
    return max(tried)[1]


def work_factor(protected: bytes) -> int:
    """The exponent of scrypt's cost, as age writes it into the head of the file."""
    found = re.search(rb"^-> scrypt \S+ (\d+)$", protected[:200], re.MULTILINE)
    return int(found[1]) if found else 0


def register_public_key(*, actor: Actor, public_key: str) -> CustodianKey:
    """Take the public half of a key whose identity the custodian keeps at home. Adds a trial share."""
    require_permission(can_keep_share(actor))
    public_key = public_key.strip()
    if not is_recipient(public_key):
        raise MarketplaceError(
            _("This is not an age public key. It starts with «age1» and has 62 characters; `age-keygen -y` prints it."),
            field="public_key",
        )
    return _add_key(actor, public_key, b"")


def _long_enough(passphrase: str) -> Decision:
    if len(passphrase) >= PASSPHRASE_LENGTH:
        return Decision(True)
    return refuse(
        _("The passphrase needs at least %(count)s characters: four words that nobody would guess together.")
        % {"count": PASSPHRASE_LENGTH},
        field="passphrase",
    )


def _add_key(actor: Actor, public_key: str, protected: bytes) -> CustodianKey:
    secret = f"yizhao-trial-1:{os.urandom(16).hex()}"
    with audit.transaction() as log:
        for earlier in CustodianKey.objects.select_for_update().filter(user_id=actor.user_id, retired_at=None):
            _retire(earlier)
        key = CustodianKey.objects.create(
            user_id=actor.user_id,
            body_id=actor.body_id,
            public_key=public_key,
            encrypted_identity=protected,
            created_at=clock.now(),
        )
        TrialShare.objects.create(
            key=key,
            encrypted_share=encrypt(secret.encode(), public_key, armored=True),
            sha256=hashlib.sha256(secret.encode()).hexdigest(),
        )
        log.record("custodian.key_made", key, actor, public_key=public_key)
    return key


def _retire(key: CustodianKey) -> None:
    """An earlier key keeps the shares that it already holds, but no new lot is split for it."""
    key.retired_at = clock.now()
    key.save(update_fields=["retired_at"])
    key.appointments.filter(ended_at=None).update(ended_at=clock.now(), end_reason="new key")


@sensitive_variables()
def open_with_passphrase(key: CustodianKey, encrypted: bytes, passphrase: str) -> str:
    """Decrypt something meant for the custodian with the passphrase typed. Call outside of transactions."""
    if not key.encrypted_identity:
        raise MarketplaceError(
            _("You keep this key yourself: decrypt the share with `age` and paste the result."), field="passphrase"
        )
    try:
        return decrypt(encrypted, _unprotect(bytes(key.encrypted_identity), passphrase)).decode()
    except (pyrage.DecryptError, CannotDecrypt, OSError) as error:
        raise MarketplaceError(
            _("The passphrase does not open your key. Check capital letters and spaces, and type it again."),
            field="passphrase",
        ) from error


@sensitive_variables()
def _unprotect(protected: bytes, passphrase: str) -> str:
    """The identity. A busy machine measures itself slow and calls the work too much without trying: ask again.

    Otherwise a custodian would be told at the opening that the right passphrase is wrong.
    """
    for number in range(TRIES):
        try:
            with _one_at_a_time:
                return pyrage.passphrase.decrypt(protected, passphrase).decode()
        except pyrage.DecryptError as error:
            if TOO_MUCH_WORK not in str(error):
                raise
        time.sleep(0.2 * number)
    raise MarketplaceError(
        _(
            "The server is too busy to open your key at this moment; your passphrase was not looked at. Wait a minute "
            "and type it again."
        ),
        field="passphrase",
        code="busy",
    )


@sensitive_variables()
def prove_trial(*, actor: Actor, passphrase: str = "", share_text: str = "") -> TrialShare:
    """Open the trial share: shows before any publication that the custodian can do it when it counts."""
    require_permission(can_keep_share(actor))
    trial = TrialShare.objects.select_related("key").filter(key__user_id=actor.user_id, key__retired_at=None).last()
    if trial is None:
        raise NotFound("")
    text = share_text or open_with_passphrase(trial.key, bytes(trial.encrypted_share), passphrase)
    if hashlib.sha256("".join(text.split()).encode()).hexdigest() != trial.sha256:
        raise MarketplaceError(
            _(
                "This is not the trial share: its hash differs. Decrypt the text shown below and paste all of the "
                "result."
            ),
            field="share_text",
        )
    with audit.transaction() as log:
        trial = locked(TrialShare, trial.pk)
        if trial.proved_at is None:
            trial.proved_at = clock.now()
            trial.save(update_fields=["proved_at"])
            log.record("custodian.trial_proved", trial, actor, sha256=trial.sha256)
    return trial


def appoint_custodian(*, actor: Actor, key_id: int) -> CustodianAppointment:
    """The operator appoints the holder of a proved key. A second call changes nothing."""
    with audit.transaction() as log:
        key = locked(CustodianKey, key_id)
        require_permission(can_appoint_custodian(actor))
        if key.retired_at or not key.trials.exclude(proved_at=None).exists():
            raise MarketplaceError(
                _("The trial share has to be opened first: it proves that the custodian can use the key.")
            )
        appointment, is_new = CustodianAppointment.objects.get_or_create(
            key=key, ended_at=None, defaults={"appointed_by_id": actor.user_id, "appointed_at": clock.now()}
        )
        if is_new:
            log.record("custodian.appointed", appointment, actor, body=key.body.name)
    return appointment


def end_appointment(*, actor: Actor, key_id: int, reason: str) -> None:
    """No new tender may name the custodian; shares already held stay with them."""
    with audit.transaction() as log:
        key = locked(CustodianKey, key_id)
        require_permission(can_appoint_custodian(actor))
        if not reason.strip():
            raise MarketplaceError(_("Say why the appointment ends."), field="reason")
        for appointment in key.appointments.filter(ended_at=None):
            appointment.ended_at, appointment.end_reason = clock.now(), reason.strip()
            appointment.save(update_fields=["ended_at", "end_reason"])
            log.record("custodian.ended", appointment, actor, reason=appointment.end_reason)


def name_custodians(*, actor: Actor, tender_id: int, key_ids: list[int], version: int | None = None) -> Tender:
    """Name who guards the lots of a tender, while it is being prepared. Replaces the earlier choice.

    With the `version` that a form was opened at, somebody else's choice since then raises `StaleVersion`.
    """
    with audit.transaction() as log:
        tender = locked(Tender, tender_id)
        require_permission(can_name_custodians(actor, tender))
        if tender.status != TenderStatus.DRAFT:
            raise MarketplaceError(_("The custodians are named while the tender is a draft."), code="wrong_state")
        keys = list(keys_in_use().filter(pk__in=key_ids))
        if {key.pk for key in keys} == set(tender.custodians.values_list("key_id", flat=True)):
            return tender
        if version is not None:
            require_fresh(tender, "custodians", version, list(named_keys(tender)))
        require(custodians_suffice(candidates_for(tender, keys)))
        tender.custodians.all().delete()
        TenderCustodian.objects.bulk_create(
            TenderCustodian(tender=tender, key=key, named_by_id=actor.user_id, named_at=clock.now()) for key in keys
        )
        count(tender, "custodians", actor.user_id)
        log.record("tender.custodians_named", tender, actor, bodies=sorted({key.body.name for key in keys}))
    return tender


def custodians_ready(tender: Tender) -> Decision:
    """Whether the tender's custodians are enough and each has proved the trial share (asked before publication)."""
    return custodians_suffice(candidates_for(tender, named_keys(tender)))


__all__ = [
    "appoint_custodian",
    "custodians_ready",
    "end_appointment",
    "is_proved",
    "make_custodian_key",
    "name_custodians",
    "open_with_passphrase",
    "prove_trial",
    "register_public_key",
]
