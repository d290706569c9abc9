"""Taking documents, asking, answering."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from marketplace.core.decisions import Decision
from marketplace.web.views import ActionView, ServiceFormView, or_404

from ..forms.question import AnswerForm, QuestionForm
from ..models import Question, Tender
from ..permissions.question import can_answer_question, can_take_part
from ..services import question as questions


class PublicTenderMixin:
    """A published tender, by its number."""

    tender: Tender

    def prepare(self, number: str, **kwargs: Any) -> None:
        self.tender = or_404(lambda: Tender.objects.public().get(number=number))

    def get_success_url(self) -> str:
        return reverse("procurement:tender-public", args=[self.tender.number])


class TakeView(PublicTenderMixin, ActionView):
    success_message = gettext_lazy("The documents are yours; corrections and answers will reach you.")

    def perform(self) -> Any:
        return questions.take_documents(actor=self.actor, tender_id=self.tender.pk)

    def get_success_url(self) -> str:
        return super().get_success_url() + "#documents"


class AskView(PublicTenderMixin, ServiceFormView):
    template_name = "procurement/question_form.html"
    form_class = QuestionForm
    success_message = gettext_lazy("Your question is with the buyer. The answer goes to all who took the documents.")

    def allowed(self) -> Decision:
        return can_take_part(self.actor)

    def perform(self, form: Any) -> Any:
        return questions.ask_question(actor=self.actor, tender_id=self.tender.pk, text=form.cleaned_data["text"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.tender.questions.filter(body_id=self.actor.body_id).order_by("-pk")
        return super().get_context_data(**kwargs, tender=self.tender, own=list(own))

    def get_success_url(self) -> str:
        return reverse("procurement:question-ask", args=[self.tender.number])


class AnswerView(ServiceFormView):
    template_name = "procurement/question_answer.html"
    form_class = AnswerForm
    success_message = gettext_lazy("Answered; all who took the documents will read it.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Question.objects.filter(tender__in=Tender.objects.visible_to(self.actor))
        self.question = or_404(lambda: rows.select_related("tender", "body").get(pk=pk))

    def allowed(self) -> Decision:
        return can_answer_question(self.actor, self.question)

    def get_initial(self) -> dict[str, Any]:
        return {"public_text": questions.nameless(self.question.text, self.question.body)}

    def perform(self, form: Any) -> Any:
        return questions.answer_question(actor=self.actor, question_id=self.question.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, question=self.question, tender=self.question.tender)

    def get_success_url(self) -> str:
        return reverse("procurement:tender-detail", args=[self.question.tender_id]) + "#questions"
