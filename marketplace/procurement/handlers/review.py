"""Pools, generated papers and files of the review."""

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.core.events import subscribe
from marketplace.documents.access import register_files, register_subject
from marketplace.documents.generation import register
from marketplace.web import navigation, tasks

from .. import workspace_review
from ..events import TenderPublished
from ..models import Lot
from ..papers import award_letter, result_letter, review_report, review_signatures
from ..selectors.files import can_read_letter_document, can_read_report, can_read_review_file
from ..services.pool import commit_pool_in


def commit_pools(event: TenderPublished) -> None:
    """The pool of every lot is fixed with the publication, long before anyone can know the seed."""
    lots = Lot.objects.filter(tender_id=event.tender_id).select_related("tender", "tender__buyer", "tender__item")
    with audit.transaction() as log:
        for lot in lots:
            commit_pool_in(log, actor=SYSTEM, lot=lot)


def connect() -> None:
    subscribe(TenderPublished, commit_pools)
    register("review_report", review_report)
    register("review_signatures", review_signatures)
    register("award_letter", award_letter)
    register("result_letter", result_letter)
    register_subject("procurement.letter", can_read_letter_document)
    register_subject("procurement.lot", can_read_report)
    register_files(can_read_review_file)
    navigation.register(workspace_review.areas)
    tasks.register(workspace_review.tasks)
