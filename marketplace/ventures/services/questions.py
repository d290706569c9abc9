"""Questions about a call by anybody who is signed in; answers for everybody, without the asker's name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.services.invitations import confirmed_addresses
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked

from ..events import CallQuestionAnswered, CallQuestionAsked
from ..models import Call, CallQuestion, CallStatus
from ..permissions.call import can_prepare_call, can_speak_up

ASKER = "某单位"


def public_call(call_id: int) -> Call:
    """The locked call; one that is not public yet does not exist for others."""
    call = locked(Call, call_id, "lead")
    if call.status in (CallStatus.DRAFT, CallStatus.SUBMITTED):
        raise NotFound("")
    return call


def ask_question(*, actor: Actor, call_id: int, text: str) -> CallQuestion:
    """Puts a question to the lead while applications are taken. The same words twice are one question."""
    with transaction() as log:
        call = public_call(call_id)
        require_permission(can_speak_up(actor))
        if not text.strip():
            raise MarketplaceError(_("Write your question."), field="text")
        same = call.questions.filter(asked_by_id=actor.user_id, text=text.strip()).first()
        if same is not None:
            return same
        require_address(actor)
        if call.status != CallStatus.PUBLISHED or clock.now() > call.deadline:  # type: ignore[operator]
            raise MarketplaceError(
                _("The call is closed; ask the contact named on its page."), rule_id="R-TIME-07", field="text"
            )
        question = CallQuestion.objects.create(
            call=call,
            asked_by_id=actor.user_id,
            body_id=actor.body_id,
            text=text.strip(),
            asked_at=clock.now(),
        )
        log.record("call_question.asked", question, actor)
        announce(CallQuestionAsked(question.pk))
    return question


def require_address(actor: Actor) -> None:
    if not confirmed_addresses(actor):
        raise MarketplaceError(_("Confirm your e-mail address first: answers and changes are sent to it."))


def answer_question(*, actor: Actor, question_id: int, answer: str, public_text: str = "") -> CallQuestion:
    """Answers for everybody to read. An answer is not changed; a text that misleads is corrected by a notice."""
    with transaction() as log:
        question = locked(CallQuestion, question_id, "call", "body")
        require_permission(can_prepare_call(actor, question.call))
        if question.answered_at is not None:
            raise MarketplaceError(_("This question has been answered; an answer is not changed."), code="wrong_state")
        if not answer.strip():
            raise MarketplaceError(_("Write the answer."), field="answer")
        question.public_text = nameless(public_text.strip() or question.text, question.body)
        question.answer = nameless(answer.strip(), question.body)
        question.answered_by_id, question.answered_at = actor.user_id, clock.now()
        question.save(update_fields=["public_text", "answer", "answered_by", "answered_at"])
        log.record(
            "call_question.answered",
            question,
            actor,
            project=question.call.number,
            question=question.public_text,
            answer=question.answer,
        )
        announce(CallQuestionAnswered(question.pk))
    return question


def nameless(text: str, body: Body | None) -> str:
    """The asker's name and code, if they wrote them, do not reach the others."""
    return text.replace(body.name, ASKER).replace(body.code, ASKER) if body else text
