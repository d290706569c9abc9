"""Taking the documents, asking and answering. Who took them is secret until the deadline (R-TENDER-14)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.services.invitations import confirmed_addresses
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.core.workcalendar import calendar
from marketplace.publication.privacy import no_identity_number

from ..events import QuestionAnswered, QuestionAsked
from ..models import DocumentTake, PaperStatus, Question, Tender, TenderStatus
from ..permissions.question import can_answer_question, can_take_part
from ..rules.questions import address_is_confirmed, answer_due, code_is_valid, obtainable, still_asking
from ..selectors.tender import rules_of

ASKER = "（提问单位）"


def take_documents(*, actor: Actor, tender_id: int) -> DocumentTake:
    """One click; from then on corrections and answers are sent. The second click answers the first take.

    The entry in the log bears no project number: how many entries a project has would tell what is secret.
    """
    with transaction() as log:
        tender = _open_tender(tender_id)
        require_permission(can_take_part(actor))
        earlier = DocumentTake.objects.filter(tender=tender, body_id=actor.body_id).first()
        if earlier is not None:
            return earlier
        _require_supplier(actor)
        require(obtainable(clock.now(), tender.documents_until))  # type: ignore[arg-type]
        take = DocumentTake.objects.create(
            tender=tender, body_id=actor.body_id, user_id=actor.user_id, taken_at=clock.now()
        )
        log.record("document_take.taken", take, actor)
    return take


def _open_tender(tender_id: int) -> Tender:
    """A published tender; one that is not public yet does not exist for a supplier."""
    tender = locked(Tender, tender_id, "buyer")
    if tender.status in (TenderStatus.DRAFT, TenderStatus.SUBMITTED):
        raise NotFound("")
    if tender.status == TenderStatus.TERMINATED:
        raise MarketplaceError(_("This tender has been terminated."), rule_id="R-TENDER-12")
    return tender


def _require_supplier(actor: Actor) -> None:
    require(
        code_is_valid(Body.objects.get(pk=actor.body_id).code),
        address_is_confirmed(bool(confirmed_addresses(actor))),
    )


def ask_question(*, actor: Actor, tender_id: int, text: str) -> Question:
    """Puts a question to the buyer (R-OBJ-01). The same words twice are one question."""
    with transaction() as log:
        tender = _open_tender(tender_id)
        require_permission(can_take_part(actor))
        if not text.strip():
            raise MarketplaceError(_("Write your question."), field="text")
        same = Question.objects.filter(tender=tender, body_id=actor.body_id, text=text.strip()).first()
        if same is not None:
            return same
        _require_supplier(actor)
        require(still_asking(clock.now(), tender.deadline))  # type: ignore[arg-type]
        question = Question.objects.create(
            tender=tender,
            body_id=actor.body_id,
            asked_by_id=actor.user_id,
            text=text.strip(),
            asked_at=clock.now(),
            answer_due=answer_due(clock.today(), rules_of(tender, clock.today()), calendar()),
        )
        log.record("question.asked", question, actor)
        announce(QuestionAsked(question.pk))
    return question


def answer_question(
    *, actor: Actor, question_id: int, answer: str, public_text: str = "", changes_documents: bool = False
) -> Question:
    """Answers for all takers to read, without the asker's name.

    An answer that changes the documents needs a correction published since the question was asked (R-TENDER-05).
    """
    with transaction() as log:
        question = locked(Question, question_id, "tender", "body")
        require_permission(can_answer_question(actor, question))
        if question.answered_at is not None:
            raise MarketplaceError(_("This question has been answered; an answer is not changed."), code="wrong_state")
        if not answer.strip():
            raise MarketplaceError(_("Write the answer."), field="answer")
        if changes_documents and not _corrected_since(question):
            raise MarketplaceError(
                _("Publish a correction with this change first, then refer to it in the answer."),
                field="changes_documents",
                rule_id="R-TENDER-05",
            )
        require(no_identity_number({"public_text": public_text.strip() or question.text, "answer": answer}))
        question.public_text = nameless(public_text.strip() or question.text, question.body)
        question.answer = nameless(answer.strip(), question.body)
        question.answered_by_id, question.answered_at = actor.user_id, clock.now()
        question.save(update_fields=["public_text", "answer", "answered_by", "answered_at"])
        log.record(
            "question.answered",
            question,
            actor,
            project=question.tender.number or "",
            question=question.public_text,
            answer=question.answer,
        )
        announce(QuestionAnswered(question.pk))
    return question


def _corrected_since(question: Question) -> bool:
    published = question.tender.corrections.filter(status=PaperStatus.PUBLISHED)
    return published.filter(published_at__gte=question.asked_at).exists()


def nameless(text: str, body: Body) -> str:
    """The asker's name and code, if they wrote them, do not reach the other bidders."""
    return text.replace(body.name, ASKER).replace(body.code, ASKER)
