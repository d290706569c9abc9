"""Addresses: agreements and money in the workspace, the webhook, the public pages."""

from django.urls import path

from .views import agreement, money, public, webhook

app_name = "sponsorship"
ONE = "workspace/sponsorships/<int:pk>/"
MONEY = "workspace/sponsor-money/"

urlpatterns = [
    path("workspace/sponsorships/", agreement.AgreementListView.as_view(), name="agreement-list"),
    path("workspace/sponsorships/statements/<int:year>/", agreement.StatementMakeView.as_view(), name="statement-make"),
    path("workspace/ventures/<int:pk>/sponsorships/new/", agreement.AgreementAddView.as_view(), name="agreement-add"),
    path("workspace/ventures/<int:pk>/sponsorships/call-in/", agreement.CallInAllView.as_view(), name="call-in-all"),
    path(ONE, agreement.AgreementView.as_view(), name="agreement-detail"),
    path(ONE + "edit/", agreement.AgreementEditView.as_view(), name="agreement-edit"),
    path(ONE + "submit/", agreement.SubmitView.as_view(), name="agreement-submit"),
    path(ONE + "offer/", agreement.OfferView.as_view(), name="agreement-offer"),
    path(ONE + "return/", agreement.ReturnView.as_view(), name="agreement-return"),
    path(ONE + "take-back/", agreement.TakeBackView.as_view(), name="agreement-take-back"),
    path(ONE + "cancel/", agreement.CancelView.as_view(), name="agreement-cancel"),
    path(ONE + "sign/", agreement.SignView.as_view(), name="agreement-sign"),
    path(ONE + "call-in/", agreement.CallInView.as_view(), name="agreement-call-in"),
    path(ONE + "pay/", agreement.PayView.as_view(), name="pay"),
    path(ONE + "pay/<int:visit>/", agreement.PayPage.as_view(), name="pay-page"),
    path(ONE + "paid/", agreement.PayDoneView.as_view(), name="pay-done"),
    path(ONE + "not-paid/", agreement.PayLeftView.as_view(), name="pay-left"),
    path(MONEY, money.MoneyView.as_view(), name="money"),
    path(MONEY + "statement/", money.StatementImportView.as_view(), name="statement-import"),
    path(MONEY + "statement.csv", money.TemplateView.as_view(), name="statement-template"),
    path(MONEY + "lines/<int:pk>/", money.LineProposeView.as_view(), name="line-propose"),
    path(MONEY + "lines/<int:pk>/<slug:way>/", money.LineDecideView.as_view(), name="line-decide"),
    path(MONEY + "payments/<int:pk>/accept/", money.PaymentAcceptView.as_view(), name="payment-accept"),
    path(MONEY + "payments/<int:pk>/back/", money.RefundAskView.as_view(), name="refund-ask"),
    path(MONEY + "refunds/<int:pk>/approve/", money.RefundApproveView.as_view(), name="refund-approve"),
    path(MONEY + "refunds/<int:pk>/refuse/", money.RefundRefuseView.as_view(), name="refund-refuse"),
    path(MONEY + "refunds/<int:pk>/confirm/", money.RefundConfirmView.as_view(), name="refund-confirm"),
    path(MONEY + "disputes/<int:pk>/seen/", money.DisputeSeenView.as_view(), name="dispute-seen"),
    path(MONEY + "pots/<int:pk>/return/", money.ReturnUnusedView.as_view(), name="pot-return"),
    path("workspace/deliveries/", webhook.EventListView.as_view(), name="event-list"),
    path("workspace/deliveries/<int:pk>/again/", webhook.EventReplayView.as_view(), name="event-replay"),
    path("workspace/deliveries/<int:pk>/settle/", webhook.EventSettleView.as_view(), name="event-settle"),
    path("webhooks/stripe/", webhook.StripeWebhookView.as_view(), name="stripe-webhook"),
    path("ventures/<str:number>/money/", public.CallMoneyView.as_view(), name="call-money"),
    path("ventures/<str:number>/money.csv", public.CallMoneyCsvView.as_view(), name="call-money-csv"),
    path("sponsors/", public.SponsorListView.as_view(), name="sponsor-list"),
    path("sponsors/all.csv", public.SponsorCsvView.as_view(), name="sponsor-csv"),
    path("sponsors/<str:code>/", public.SponsorView.as_view(), name="sponsor-detail"),
]
