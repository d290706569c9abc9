"""Who may read a file of an evidence file: the organization's own people, and who gives the registrar's mark."""

from marketplace.accounts.actors import Actor
from marketplace.documents.models import StoredFile

from .models import Evidence
from .permissions import can_verify_organization


def can_read_evidence(actor: Actor, file: StoredFile) -> bool:
    found = Evidence.objects.filter(file=file)
    if not can_verify_organization(actor):
        found = found.filter(organization__body_id=actor.body_id) if actor.roles else found.none()
    return found.exists()
