"""Assessments of venture calls: reviewers, applicants, mentors, the second officer, joint funders."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe
from marketplace.ventures import events
from marketplace.ventures.models import (
    Application,
    ApplicationReview,
    Assessment,
    DefenceDay,
    DisplayObjection,
    Mentorship,
    PanelMember,
)
from marketplace.ventures.selectors.assessment import assessed, seated
from marketplace.ventures.selectors.decision import proposals_of
from marketplace.ventures.selectors.ranking import criterion_means
from marketplace.web.templatetags.web import day, moment, yuan

from ..services import notify, people_of
from .ventures import Recipients, people

APPLICANTS = (Role.BIDDER, Role.ORG_ADMIN)


def assessment_url(row: Assessment) -> str:
    return reverse("ventures:assessment-detail", args=[row.pk])


def seat_url(member: PanelMember) -> str:
    return reverse("ventures:seat-detail", args=[member.pk])


def applicants(row: Application) -> Recipients:
    return list(people_of([row.body_id], *APPLICANTS))


def read(pk: int) -> Assessment:
    return Assessment.objects.select_related("call__lead").get(pk=pk)


def panel_invited(event: events.PanelInvited) -> None:
    row = PanelMember.objects.select_related("assessment__call__lead", "user").get(pk=event.member_id)
    facts = {"title": row.assessment.call.title, "body": row.assessment.call.lead.name}
    notify("panel-invited", str(row.pk), [(row.user, None)], url=seat_url(row), **facts)


def panel_answered(event: events.PanelAnswered) -> None:
    row = PanelMember.objects.select_related("assessment__call", "user").get(pk=event.member_id)
    facts = {"title": row.assessment.call.title, "name": str(row.user), "answer": row.get_status_display()}
    recipients = people(row.assessment.call, Role.OFFICER)
    notify("panel-answered", str(row.pk), recipients, url=assessment_url(row.assessment), **facts)


def scoring_begun(event: events.ScoringBegun) -> None:
    row = read(event.assessment_id)
    for member in seated(row):
        facts = {"title": row.call.title, "until": moment(row.scoring_until)}
        notify("scoring-begun", str(member.pk), [(member.user, None)], url=seat_url(member), **facts)


def review_reassigned(event: events.ReviewReassigned) -> None:
    row = ApplicationReview.objects.select_related("member__assessment__call", "member__user").get(pk=event.review_id)
    facts = {"title": row.member.assessment.call.title, "until": moment(row.member.assessment.scoring_until)}
    notify("review-reassigned", str(row.pk), [(row.member.user, None)], url=seat_url(row.member), **facts)


def scores_due(event: events.ScoresDue) -> None:
    row = PanelMember.objects.select_related("assessment__call", "user").get(pk=event.member_id)
    count = row.reviews.standing().filter(submitted_at=None).count()
    facts = {"title": row.assessment.call.title, "count": count, "until": moment(row.assessment.scoring_until)}
    key = f"{row.pk}:{row.reminded_at:%Y%m%d}"
    notify("scores-due", key, [(row.user, None)], url=seat_url(row), **facts)


def defence_drawn(event: events.DefenceDrawn) -> None:
    row = DefenceDay.objects.select_related("assessment__call").get(pk=event.day_id)
    place = " ".join(part for part in (row.place, row.link) if part)
    for slot in row.slots.select_related("application"):
        facts = {"title": slot.application.title, "at": moment(slot.starts_at), "place": place, "minutes": row.minutes}
        url = reverse("ventures:result-own", args=[slot.application_id])
        notify("defence-slot", str(slot.pk), applicants(slot.application), url=url, **facts)
    for member in seated(row.assessment):
        facts = {"title": row.assessment.call.title, "at": moment(row.starts_at), "place": place}
        notify("defence-day", f"{row.pk}:{member.pk}", [(member.user, None)], url=seat_url(member), **facts)


def mentor_assigned(event: events.MentorAssigned) -> None:
    row = Mentorship.objects.select_related("application__call__assessment", "mentor").get(pk=event.mentorship_id)
    until = moment(row.application.call.assessment.coaching_until)
    facts = {"title": row.application.title, "name": str(row.mentor), "until": until}
    url = reverse("ventures:mentorship", args=[row.pk])
    notify("mentor-named", str(row.pk), [(row.mentor, None)], url=url, **facts)
    url = reverse("ventures:application-detail", args=[row.application_id])
    notify("coached-by", str(row.pk), applicants(row.application), url=url, **facts)


def decision_proposed(event: events.DecisionProposed) -> None:
    row = read(event.assessment_id)
    url, key = reverse("ventures:assessment-decision", args=[row.pk]), f"{row.pk}:{row.proposed_at:%Y%m%dT%H%M%S}"
    recipients = people(row.call, Role.APPROVER, but=row.proposed_by_id)
    notify("decision-proposed", key, recipients, url=url, title=row.call.title)
    funders = people_of(row.consents.values_list("body_id", flat=True), Role.APPROVER)
    notify("decision-to-agree", key, funders, url=url, title=row.call.title)


def decision_returned(event: events.DecisionReturned) -> None:
    row = read(event.assessment_id)
    url, key = reverse("ventures:assessment-decision", args=[row.pk]), f"{row.pk}:{row.proposed_at:%Y%m%dT%H%M%S}"
    facts = {"title": row.call.title, "reason": row.return_reason}
    notify("decision-returned", key, people(row.call, Role.OFFICER), url=url, **facts)


def result_displayed(event: events.ResultDisplayed) -> None:
    row = read(event.assessment_id)
    facts = {"call": row.call.title, "until": day(row.display_until)}
    for application in assessed(row):
        url = reverse("ventures:result-own", args=[application.pk])
        key = f"{application.pk}:{row.snapshot_id}"
        notify("result-displayed", key, applicants(application), url=url, title=application.title, **facts)


def result_objected(event: events.ResultObjected) -> None:
    row = DisplayObjection.objects.select_related("assessment__call").get(pk=event.objection_id)
    url = reverse("ventures:objection-answer", args=[row.pk])
    facts = {"title": row.assessment.call.title, "due": day(row.due_on)}
    notify("result-objected", str(row.pk), people(row.assessment.call, Role.OFFICER), url=url, **facts)


def objection_answered(event: events.ObjectionToResultAnswered) -> None:
    row = DisplayObjection.objects.select_related("assessment__call", "author").get(pk=event.objection_id)
    url = reverse("ventures:result-public", args=[row.assessment.call.number])
    facts = {"title": row.assessment.call.title, "answer": row.answer}
    notify("result-objection-answered", str(row.pk), [(row.author, row.body_id)], url=url, **facts)
    if row.is_upheld:
        approvers = people(row.assessment.call, Role.APPROVER)
        url = assessment_url(row.assessment)
        notify("result-objection-upheld", str(row.pk), approvers, url=url, title=row.assessment.call.title)


def grants_confirmed(event: events.GrantConfirmed) -> None:
    """The letter of each applicant: scores and reasons, and the grant if there is one."""
    row = Assessment.objects.select_related("call").get(call_id=event.call_id)
    proposals = list(proposals_of(row))
    means = criterion_means(row, [each.application_id for each in proposals])
    for each in proposals:
        points = "；".join(f"{line.title} {mean}/{line.weight}" for line, mean in means[each.application_id])
        facts = {"title": each.application.title, "total": each.total, "rank": each.rank, "points": points}
        facts |= {"reason": each.reason, "amount": yuan(each.amount)}
        kind = "grant-confirmed" if each.amount else "grant-refused"
        url = reverse("ventures:result-own", args=[each.application_id])
        notify(kind, str(each.application_id), applicants(each.application), url=url, **facts)


def subscribe_all() -> None:
    for event, handler in (
        (events.PanelInvited, panel_invited),
        (events.PanelAnswered, panel_answered),
        (events.ScoringBegun, scoring_begun),
        (events.ReviewReassigned, review_reassigned),
        (events.ScoresDue, scores_due),
        (events.DefenceDrawn, defence_drawn),
        (events.MentorAssigned, mentor_assigned),
        (events.DecisionProposed, decision_proposed),
        (events.DecisionReturned, decision_returned),
        (events.ResultDisplayed, result_displayed),
        (events.ResultObjected, result_objected),
        (events.ObjectionToResultAnswered, objection_answered),
        (events.GrantConfirmed, grants_confirmed),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
