"""The custodians of the demo world: their keys, proved and appointed, and the shares they hand in."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyrage

from marketplace.documents.encryption import decrypt
from marketplace.procurement.models import CustodianKey, CustodianShare, Lot, TrialShare
from marketplace.procurement.services import custodians
from marketplace.procurement.services.opening import hand_in_share, open_lot

from ..people import CUSTODIAN_PASSPHRASES
from .town import Town


@dataclass
class Custody:
    """Identities are opened once by their passphrases (1.2 s each) and kept while the world is built."""

    keys: list[CustodianKey] = field(default_factory=list)
    identities: dict[int, str] = field(default_factory=dict)

    def open(self, town: Town, lot: Lot) -> None:
        """Two of the three hand in their shares; the lot opens."""
        by_user = {actor.user_id: actor for actor in town.actors.values()}
        shares = CustodianShare.objects.filter(lot_key__lot=lot).select_related("custodian").order_by("index")
        for share in shares[: lot.key.threshold]:
            clear = decrypt(bytes(share.encrypted_share), self.identities[share.custodian_id]).decode()
            hand_in_share(actor=by_user[share.custodian.user_id], lot_id=lot.pk, share_text=clear)
        open_lot(lot_id=lot.pk)


def appoint(town: Town) -> Custody:
    custody = Custody()
    for email, passphrase in CUSTODIAN_PASSPHRASES.items():
        actor = town.actor(email)
        key = custodians.make_custodian_key(actor=actor, passphrase=passphrase)
        identity = pyrage.passphrase.decrypt(bytes(key.encrypted_identity), passphrase).decode()
        trial = TrialShare.objects.get(key=key)
        custodians.prove_trial(actor=actor, share_text=decrypt(bytes(trial.encrypted_share), identity).decode())
        custodians.appoint_custodian(actor=town.actor("operator@yizhao.example"), key_id=key.pk)
        custody.keys.append(key)
        custody.identities[key.pk] = identity
    return custody
