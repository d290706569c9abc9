"""Venture calls: the second officer, joint funders, whoever asked or signed up."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe
from marketplace.ventures import events
from marketplace.ventures.models import (
    Application,
    ApplicationReminder,
    ApplicationVersion,
    Briefing,
    BriefingSeat,
    Call,
    CallFunder,
    CallPaper,
    CallQuestion,
    PreReview,
)
from marketplace.ventures.selectors.pages import people_to_tell
from marketplace.web.templatetags.web import moment, second

from ..services import notify, people_of

Recipients = list[tuple[User, int | None]]


def people(call: Call, role: str, *, but: int | None = None) -> Recipients:
    """The lead's people with the role, without the one who did it."""
    return [pair for pair in people_of([call.lead_id], role) if pair[0].pk != but]


def call_submitted(event: events.CallSubmitted) -> None:
    call = Call.objects.select_related("submitted_by").get(pk=event.call_id)
    url, key = reverse("ventures:call-review", args=[call.pk]), f"{call.pk}:{call.version}"
    facts = {"title": call.title, "name": str(call.submitted_by or "")}
    notify("call-submitted", key, people(call, Role.APPROVER, but=call.submitted_by_id), url=url, **facts)
    waiting = call.funders.filter(confirmed_at=None).values_list("body_id", flat=True)
    notify("call-to-confirm", key, people_of(waiting, Role.APPROVER), url=url, title=call.title)


def call_confirmed(event: events.CallConfirmed) -> None:
    row = CallFunder.objects.select_related("call", "body").get(pk=event.funder_id)
    url = reverse("ventures:call-review", args=[row.call_id])
    facts = {"title": row.call.title, "body": row.body.name}
    key = f"{row.pk}:{row.call.version}"
    notify("call-confirmed", key, people(row.call, Role.APPROVER, but=row.call.submitted_by_id), url=url, **facts)


def call_returned(event: events.CallReturned) -> None:
    call = Call.objects.get(pk=event.call_id)
    url, key = reverse("ventures:call-detail", args=[call.pk]), f"{call.pk}:{call.version}:{call.return_reason[:40]}"
    notify("call-returned", key, people(call, Role.OFFICER), url=url, title=call.title, reason=call.return_reason)


def call_published(event: events.CallPublished) -> None:
    call = Call.objects.get(pk=event.call_id)
    facts = {"title": call.title, "number": call.number, "deadline": moment(call.deadline)}
    notify("call-published", str(call.pk), people(call, Role.OFFICER), url=call.get_absolute_url(), **facts)


def call_closed(event: events.CallClosed) -> None:
    call = Call.objects.get(pk=event.call_id)
    url = reverse("ventures:call-detail", args=[call.pk])
    notify("call-closed", str(call.pk), people(call, Role.OFFICER), url=url, title=call.title)


def paper_submitted(event: events.CallPaperSubmitted) -> None:
    paper = CallPaper.objects.select_related("call").get(pk=event.paper_id)
    url, key = reverse("ventures:paper-detail", args=[paper.pk]), f"{paper.pk}:{paper.drafted_at:%Y%m%dT%H%M%S}"
    recipients = people(paper.call, Role.APPROVER, but=paper.drafted_by_id)
    notify("call-paper-submitted", key, recipients, url=url, title=paper.call.title)


def paper_returned(event: events.CallPaperReturned) -> None:
    paper = CallPaper.objects.select_related("call").get(pk=event.paper_id)
    url, key = reverse("ventures:paper-detail", args=[paper.pk]), f"{paper.pk}:{paper.version}"
    facts = {"title": paper.call.title, "reason": paper.return_reason}
    notify("call-paper-returned", key, people(paper.call, Role.OFFICER), url=url, **facts)


def call_corrected(event: events.CallCorrected) -> None:
    paper = CallPaper.objects.select_related("call").get(pk=event.paper_id)
    call = paper.call
    facts = {"title": call.title, "subject": paper.subject, "deadline": moment(call.deadline)}
    notify("call-corrected", str(paper.pk), all_to_tell(call), url=call.get_absolute_url(), **facts)


def call_terminated(event: events.CallTerminated) -> None:
    paper = CallPaper.objects.select_related("call").get(pk=event.paper_id)
    facts = {"title": paper.call.title, "reason": paper.reason}
    notify("call-terminated", str(paper.pk), all_to_tell(paper.call), url=paper.call.get_absolute_url(), **facts)


def question_asked(event: events.CallQuestionAsked) -> None:
    row = CallQuestion.objects.select_related("call").get(pk=event.question_id)
    url = reverse("ventures:question-answer", args=[row.pk])
    notify("call-question-asked", str(row.pk), people(row.call, Role.OFFICER), url=url, title=row.call.title)


def question_answered(event: events.CallQuestionAnswered) -> None:
    row = CallQuestion.objects.select_related("call", "asked_by").get(pk=event.question_id)
    facts = {"title": row.call.title, "question": row.public_text, "answer": row.answer}
    url = row.call.get_absolute_url() + "#qa"
    notify("call-question-answered", str(row.pk), [(row.asked_by, row.body_id)], url=url, **facts)


def seat_taken(event: events.SeatTaken) -> None:
    seat = BriefingSeat.objects.select_related("briefing__call", "user").get(pk=event.seat_id)
    facts = {**facts_of(seat.briefing), "people": str(seat.people)}
    notify("seat-taken", str(seat.pk), [(seat.user, seat.body_id)], url=briefing_url(seat.briefing), **facts)


def briefing_added(event: events.BriefingAdded) -> None:
    row = Briefing.objects.select_related("call").get(pk=event.briefing_id)
    notify("briefing-added", str(row.pk), people_to_tell(row.call), url=briefing_url(row), **facts_of(row))


def briefing_cancelled(event: events.BriefingCancelled) -> None:
    row = Briefing.objects.select_related("call").get(pk=event.briefing_id)
    seats = row.taken.filter(released_at=None).select_related("user")
    recipients = [(seat.user, seat.body_id) for seat in seats]
    facts = {**facts_of(row), "reason": row.cancel_reason}
    notify("briefing-cancelled", str(row.pk), recipients, url=briefing_url(row), **facts)


def applicants_of(application: Application) -> Recipients:
    return [*people_of([application.body_id], Role.ORG_ADMIN, Role.BIDDER)]


def own_url(application: Application) -> str:
    return reverse("ventures:application-detail", args=[application.pk])


def application_submitted(event: events.ApplicationSubmitted) -> None:
    """Before the closing the applicant alone is told; a correction waits for the officer."""
    version = ApplicationVersion.objects.select_related("application__call", "application__body").get(
        pk=event.version_id
    )
    application = version.application
    url = reverse("ventures:application-receipt", args=[application.pk, version.receipt_number])
    facts = {
        "title": application.title,
        "receipt": version.receipt_number,
        "received": second(version.received_at),
        "sha256": version.sha256,
    }
    notify("application-submitted", version.receipt_number, applicants_of(application), url=url, **facts)
    if application.call.closed_at is not None:
        url = reverse("ventures:application-review", args=[application.pk])
        told = {"title": application.title, "body": application.body.name}
        notify("application-corrected", version.receipt_number, people(application.call, Role.OFFICER), url=url, **told)


def application_improved(event: events.ApplicationImproved) -> None:
    """The applicant has the receipt; mentor and officers look at the new version."""
    version = ApplicationVersion.objects.select_related("application__call").get(pk=event.version_id)
    application, kind = version.application, "application-improved"
    facts = {
        "title": application.title,
        "receipt": version.receipt_number,
        "received": second(version.received_at),
        "sha256": version.sha256,
    }
    url = reverse("ventures:application-receipt", args=[application.pk, version.receipt_number])
    notify(kind, version.receipt_number, applicants_of(application), url=url, **facts)
    for row in application.mentorships.filter(ended_at=None).select_related("mentor"):
        url = reverse("ventures:mentorship", args=[row.pk])
        notify(kind, version.receipt_number, [(row.mentor, None)], url=url, **facts)
    url = reverse("ventures:application-compare", args=[application.pk])
    notify(kind, version.receipt_number, people(application.call, Role.OFFICER), url=url, **facts)


def application_withdrawn(event: events.ApplicationWithdrawn) -> None:
    row = Application.objects.select_related("call").get(pk=event.application_id)
    facts = {"title": str(row), "deadline": moment(row.call.deadline)}
    key = f"{row.pk}:{row.withdrawn_at:%Y%m%dT%H%M%S}"
    notify("application-withdrawn", key, applicants_of(row), url=own_url(row), **facts)


def application_deadline_near(event: events.ApplicationDeadlineNear) -> None:
    reminder = ApplicationReminder.objects.select_related("application__call").get(pk=event.reminder_id)
    row = reminder.application
    facts = {"title": str(row), "call": row.call.title, "deadline": moment(reminder.deadline)}
    notify("application-deadline", str(reminder.pk), applicants_of(row), url=own_url(row), **facts)


def prereview_decided(event: events.PreReviewDecided) -> None:
    row = PreReview.objects.select_related("application").get(pk=event.prereview_id)
    application = row.application
    kinds = {"pass": "application-passed", "correct": "application-to-correct", "fail": "application-not-passed"}
    facts = {"title": application.title, "reason": row.reason, "due": moment(application.correct_until)}
    notify(kinds[row.result], str(row.pk), applicants_of(application), url=own_url(application), **facts)


def correction_lapsed(event: events.CorrectionLapsed) -> None:
    row = Application.objects.get(pk=event.application_id)
    notify("application-lapsed", str(row.pk), applicants_of(row), url=own_url(row), title=row.title)


def all_to_tell(call: Call) -> Recipients:
    """Whoever asked or signed up, and the organizations that write an application."""
    bodies = call.applications.order_by().values_list("body_id", flat=True).distinct()
    known = people_to_tell(call)
    told = {user.pk for user, _body in known}
    return known + [pair for pair in people_of(bodies, Role.ORG_ADMIN, Role.BIDDER) if pair[0].pk not in told]


def facts_of(row: Briefing) -> dict[str, str]:
    place = " ".join(part for part in (row.place, row.link) if part)
    return {"title": row.call.title, "starts": moment(row.starts_at), "place": place}


def briefing_url(row: Briefing) -> str:
    return row.call.get_absolute_url() + "#briefings"


def subscribe_all() -> None:
    for event, handler in (
        (events.CallSubmitted, call_submitted),
        (events.CallConfirmed, call_confirmed),
        (events.CallReturned, call_returned),
        (events.CallPublished, call_published),
        (events.CallClosed, call_closed),
        (events.CallPaperSubmitted, paper_submitted),
        (events.CallPaperReturned, paper_returned),
        (events.CallCorrected, call_corrected),
        (events.CallTerminated, call_terminated),
        (events.CallQuestionAsked, question_asked),
        (events.CallQuestionAnswered, question_answered),
        (events.SeatTaken, seat_taken),
        (events.BriefingAdded, briefing_added),
        (events.BriefingCancelled, briefing_cancelled),
        (events.ApplicationSubmitted, application_submitted),
        (events.ApplicationImproved, application_improved),
        (events.ApplicationWithdrawn, application_withdrawn),
        (events.ApplicationDeadlineNear, application_deadline_near),
        (events.PreReviewDecided, prereview_decided),
        (events.CorrectionLapsed, correction_lapsed),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
