"""Who reads the files of a tender: everyone once it is published, before that its own people."""

from __future__ import annotations

from marketplace.accounts.actors import Actor
from marketplace.documents.access import subject_key
from marketplace.documents.models import Document, StoredFile

from ..models import Correction, PaperStatus, Tender, TenderStatus

PUBLIC = (TenderStatus.PUBLISHED, TenderStatus.TERMINATED)


def can_read_tender_document(actor: Actor, document: Document) -> bool:
    """Attachments: as the tender itself; one that was taken out of the draft stays with the tender's people."""
    tender = Tender.objects.filter(pk=subject_key(document)).first()
    if tender is None:
        return False
    if tender.status in PUBLIC and document.removed_at is None:
        return True
    return Tender.objects.visible_to(actor).filter(pk=tender.pk).exists()


def can_read_tender_file(actor: Actor, file: StoredFile) -> bool:
    """Mandates, and files of corrections: the tender's people; a correction's file everyone once it is published."""
    if Tender.objects.visible_to(actor).filter(agency_mandate=file).exists():
        return True
    corrections = Correction.objects.filter(file=file)
    if corrections.filter(status=PaperStatus.PUBLISHED).exists():
        return True
    return corrections.filter(tender__in=Tender.objects.visible_to(actor)).exists()
