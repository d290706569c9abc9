from django.urls import path

from .views import calendar, findings, memberships, operator, people, rule_values

app_name = "people"
urlpatterns = [
    path("accounts/roles/", memberships.MyMemberships.as_view(), name="memberships"),
    path("accounts/invitations/<str:token>/", memberships.InvitationPage.as_view(), name="invitation"),
    path("workspace/people/", people.PeopleList.as_view(), name="list"),
    path("workspace/people/invite/", people.InvitePerson.as_view(), name="invite"),
    path("workspace/people/<int:pk>/", people.ChangeRoles.as_view(), name="change"),
    path("workspace/people/<int:pk>/end/", people.EndMembership.as_view(), name="end"),
    path("workspace/people/invitations/<int:pk>/resend/", people.ResendInvitation.as_view(), name="resend"),
    path("workspace/people/invitations/<int:pk>/withdraw/", people.WithdrawInvitation.as_view(), name="withdraw"),
    path("workspace/people/requests/<int:pk>/grant/", people.GrantRequest.as_view(), name="request-grant"),
    path("workspace/people/requests/<int:pk>/decline/", people.DeclineRequest.as_view(), name="request-decline"),
    path("workspace/findings/", findings.FindingList.as_view(), name="findings"),
    path("workspace/findings/record/", findings.RecordFinding.as_view(), name="finding-record"),
    path("workspace/findings/<int:pk>/", findings.FindingPage.as_view(), name="finding"),
    path("workspace/findings/<int:pk>/answer/", findings.AnswerFinding.as_view(), name="finding-answer"),
    path("workspace/findings/<int:pk>/close/", findings.CloseFinding.as_view(), name="finding-close"),
    path("workspace/operator/", operator.OperatorHome.as_view(), name="operator"),
    path("workspace/operator/bodies/", operator.BodyList.as_view(), name="bodies"),
    path("workspace/operator/bodies/admit/", operator.AdmitBody.as_view(), name="admit"),
    path("workspace/operator/jobs/", operator.JobList.as_view(), name="jobs"),
    path("workspace/operator/jobs/retry/", operator.Retry.as_view(), name="retry"),
    path("workspace/operator/calendar/", calendar.CalendarList.as_view(), name="calendar"),
    path("workspace/operator/calendar/enter/", calendar.EnterYear.as_view(), name="calendar-enter"),
    path("workspace/operator/rules/", rule_values.RuleValueList.as_view(), name="rule-values"),
    path("workspace/operator/rules/add/", rule_values.AddRuleValue.as_view(), name="rule-value-add"),
]
