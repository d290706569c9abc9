from django.urls import path

from .views import own, public, verification

app_name = "organizations"
urlpatterns = [
    path("organizations/", public.Directory.as_view(), name="directory"),
    path("organizations/download.csv", public.directory_csv, name="directory-csv"),
    path("organizations/<str:code>/", public.OrganizationPage.as_view(), name="organization-detail"),
    path("workspace/organization/", own.OwnPage.as_view(), name="own"),
    path("workspace/organization/register/", own.Register.as_view(), name="register"),
    path("workspace/organization/join/<str:code>/", own.RequestToJoin.as_view(), name="join"),
    path("workspace/organization/facts/", own.ChangeFacts.as_view(), name="facts"),
    path("workspace/organization/account/", own.ProposeAccount.as_view(), name="account"),
    path(
        "workspace/organization/account/<int:pk>/confirm/",
        own.DecideAccount.as_view(),
        {"verb": "confirm"},
        name="account-confirm",
    ),
    path(
        "workspace/organization/account/<int:pk>/reject/",
        own.DecideAccount.as_view(),
        {"verb": "reject"},
        name="account-reject",
    ),
    path("workspace/organization/evidence/add/", own.AddEvidence.as_view(), name="evidence-add"),
    path(
        "workspace/organization/evidence/<int:pk>/withdraw/", own.WithdrawEvidence.as_view(), name="evidence-withdraw"
    ),
    path("workspace/organization/links/add/", own.AddLink.as_view(), name="link-add"),
    path("workspace/organization/links/<int:pk>/end/", own.EndLink.as_view(), name="link-end"),
    path("workspace/verification/", verification.VerificationList.as_view(), name="verification-list"),
    path("workspace/verification/<str:code>/", verification.Verify.as_view(), name="verify"),
    path("workspace/verification/<str:code>/end/", verification.EndVerification.as_view(), name="verify-end"),
]
