"""Generated documents of tenders, who may read them, areas and tasks of the workspace."""

from marketplace.documents import access, generation

from .. import tender_areas
from ..selectors.access import can_read_tender_document, can_read_tender_file
from ..tender_papers import KIND, tender_documents


def connect() -> None:
    tender_areas.connect()
    generation.register(KIND, tender_documents)
    access.register_subject("procurement.tender", can_read_tender_document)
    access.register_files(can_read_tender_file)
