"""Addresses of ventures: the workspace, the wizard, papers, the public pages."""

from django.urls import path

from .views import application, call, prereview, public, wizard

app_name = "ventures"
WORK = "workspace/ventures/<int:pk>/"
EDIT = WORK + "edit/"
BLOCK = EDIT + "form/<slug:key>/"
PAPER = "workspace/venture-papers/<int:pk>/"
PUBLIC = "ventures/<str:number>/"
SEAT = PUBLIC + "briefings/<int:briefing>/"
OWN = "workspace/applications/<uuid:pk>/"
VERSION = OWN + "versions/<str:receipt>/"
READ = "workspace/venture-applications/<uuid:pk>/"

urlpatterns = [
    path("workspace/ventures/", call.CallListView.as_view(), name="call-list"),
    path("workspace/ventures/begin/", call.BeginView.as_view(), name="call-begin"),
    path(WORK, call.CallDetailView.as_view(), name="call-detail"),
    path(WORK + "review/", call.ReviewView.as_view(), name="call-review"),
    path(WORK + "submit/", call.SubmitView.as_view(), name="call-submit"),
    path(WORK + "confirm/", call.ConfirmView.as_view(), name="call-confirm"),
    path(WORK + "return/", call.ReturnView.as_view(), name="call-return"),
    path(WORK + "publish/", call.PublishView.as_view(), name="call-publish"),
    path(WORK + "preview/", wizard.PreviewView.as_view(), name="call-preview"),
    path(EDIT + "form/", wizard.ComposerView.as_view(), name="call-form"),
    path(EDIT + "form/standard/", wizard.StandardFormView.as_view(), name="form-standard"),
    path(EDIT + "form/add/", wizard.AddBlockView.as_view(), name="block-add"),
    path(BLOCK, wizard.BlockView.as_view(), name="block-edit"),
    path(BLOCK + "move/<slug:way>/", wizard.MoveBlockView.as_view(), name="block-move"),
    path(BLOCK + "remove/", wizard.RemoveBlockView.as_view(), name="block-remove"),
    path(EDIT + "check/", wizard.CheckView.as_view(), name="call-check"),
    path(EDIT + "<slug:step>/", wizard.StepView.as_view(), name="call-edit"),
    path(WORK + "briefings/new/", call.AddBriefingView.as_view(), name="briefing-add"),
    path("workspace/briefings/<int:pk>/cancel/", call.CancelBriefingView.as_view(), name="briefing-cancel"),
    path("workspace/venture-questions/<int:pk>/", call.AnswerView.as_view(), name="question-answer"),
    path(WORK + "corrections/new/", call.CorrectionFormView.as_view(), name="correction-add"),
    path(WORK + "corrections/<int:paper>/", call.CorrectionFormView.as_view(), name="correction-change"),
    path(WORK + "terminate/", call.TerminationFormView.as_view(), name="termination-add"),
    path(PAPER, call.PaperDetailView.as_view(), name="paper-detail"),
    path(PAPER + "publish/", call.PublishPaperView.as_view(), name="paper-publish"),
    path(PAPER + "return/", call.ReturnPaperView.as_view(), name="paper-return"),
    path(PAPER + "withdraw/", call.WithdrawPaperView.as_view(), name="paper-withdraw"),
    path("ventures/", public.PublicListView.as_view(), name="public-list"),
    path("ventures/calls.csv", public.PublicCsvView.as_view(), name="public-csv"),
    path(PUBLIC, public.PublicCallView.as_view(), name="call-public"),
    path(PUBLIC + "calendar.ics", public.CalendarView.as_view(), name="call-calendar"),
    path(PUBLIC + "ask/", public.AskView.as_view(), name="question-ask"),
    path(SEAT + "take/", public.TakeSeatView.as_view(), name="seat-take"),
    path(SEAT + "release/", public.ReleaseSeatView.as_view(), name="seat-release"),
    path(PUBLIC + "apply/", application.BeginView.as_view(), name="application-begin"),
    path("workspace/applications/", application.ListView.as_view(), name="application-list"),
    path(OWN, application.DetailView.as_view(), name="application-detail"),
    path(OWN + "edit/check/", application.CheckView.as_view(), name="application-check"),
    path(OWN + "edit/<slug:step>/", application.StepView.as_view(), name="application-edit"),
    path(OWN + "edit/<slug:step>/files/", application.FilesView.as_view(), name="application-files"),
    path(OWN + "files/<int:file>/remove/", application.RemoveFileView.as_view(), name="application-file-remove"),
    path(OWN + "files/<int:file>/restore/", application.RestoreFileView.as_view(), name="application-file-restore"),
    path(OWN + "reuse/<uuid:source>/", application.ReuseView.as_view(), name="application-reuse"),
    path(OWN + "withdraw/", application.WithdrawView.as_view(), name="application-withdraw"),
    path(OWN + "reopen/", application.ReopenView.as_view(), name="application-reopen"),
    path(VERSION, application.ReceiptView.as_view(), name="application-receipt"),
    path(VERSION + "proof.json", application.ProofView.as_view(), name="application-proof"),
    path(WORK + "applications/", prereview.ApplicationListView.as_view(), name="call-applications"),
    path(WORK + "applications.csv", prereview.ApplicationCsvView.as_view(), name="call-applications-csv"),
    path(READ, prereview.ApplicationReviewView.as_view(), name="application-review"),
    path(READ + "compare/", prereview.CompareView.as_view(), name="application-compare"),
]
