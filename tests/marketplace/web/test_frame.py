"""The frame of every page: policy, error pages, masthead, forms, formats."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client
from django.urls import path
from django.utils import translation

from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.decisions import allow, refuse
from marketplace.web import inbox, navigation
from marketplace.web.navigation import Area
from marketplace.web.templatetags import web
from tests.factories.accounts import make_body, make_person

pytestmark = pytest.mark.django_db


# Policy


def policy_of(answer) -> dict[str, str]:
    return {
        name: values for name, _blank, values in (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/", "/notices/", "/projects/", "/verify/", "/accounts/login/", "/nothing/"])
def test_pages_may_load_nothing_but_our_own_files(client, address):
    policy = policy_of(client.get(address))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)


def test_the_editors_interface_has_a_policy_of_its_own(client):
    policy = policy_of(client.get("/admin/"))
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == "'self'"


@pytest.mark.parametrize("address", ["/", "/notices/", "/projects/", "/about/figures/", "/open-data/", "/verify/", "/guide/first-bid/"])  # fmt: skip
def test_no_page_has_inline_styles_or_scripts(client, address):
    html = client.get(address).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert html.count("<script") == 1
    assert " onclick=" not in html


# Error pages say a way out


def broken(request):
    raise RuntimeError("broken on purpose")


def bad(request):
    from django.core.exceptions import SuspiciousOperation

    raise SuspiciousOperation


def forbidden(request):
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied("只有采购单位的审批人可以发布。")


class Broken:
    """A URLconf with the three ways of going wrong."""

    from marketplace.urls import urlpatterns as real

    urlpatterns = [path("broken/", broken), path("bad/", bad), path("forbidden/", forbidden), *real]


@pytest.mark.parametrize(
    ("address", "status", "words", "way_out"),
    [
        ("/nothing/", 404, "没有这个页面，或者它不对您开放", 'href="/notices/"'),
        ("/broken/", 500, "出了故障，是本站的问题", 'href="/workspace/"'),
        ("/bad/", 400, "请求无法识别", 'href="/"'),
        ("/forbidden/", 403, "只有采购单位的审批人可以发布。", 'href="/accounts/login/"'),
    ],
)
def test_error_pages(settings, address, status, words, way_out):
    settings.ROOT_URLCONF = Broken
    answer = Client(raise_request_exception=False).get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert words in html
    assert way_out in html
    assert "Traceback" not in html


def test_a_form_without_its_token_says_how_to_go_on():
    answer = Client(enforce_csrf_checks=True).post("/verify/", {"text": "x"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()
    assert "重新打开页面" in answer.content.decode()


# Masthead


def test_the_masthead_leads_only_where_something_is(client):
    html = client.get("/").content.decode()
    for link in navigation.public_links("/"):
        assert f'href="{link["url"]}"' in html
        assert client.get(link["url"]).status_code == 200
    for link in navigation.foot_links():
        assert client.get(link["url"]).status_code == 200
    assert len(navigation.public_links("/")) == len(navigation.PUBLIC)
    assert len(navigation.foot_links()) == len(navigation.FOOT)


def test_the_language_switch_keeps_the_page(client):
    html = client.get("/projects/?year=2012").content.decode()
    assert 'href="/en/projects/?year=2012"' in html
    assert 'lang="zh-Hans"' in html
    english = client.get("/en/projects/?year=2012").content.decode()
    assert 'href="/projects/?year=2012"' in english
    assert '<html lang="en">' in english


def test_one_sees_for_whom_one_acts_and_can_change_it(client_for):
    body = make_body(BodyKind.GOVERNMENT, name="静安区民政局")
    actor = make_person(body, Role.OFFICER)
    other = make_body(BodyKind.ORGANIZATION, name="晨曦社区服务中心")
    from marketplace.accounts.models import Membership

    Membership.objects.create(user_id=actor.user_id, body=other, roles=[Role.BIDDER], since=clock.now())
    client = client_for(actor)
    html = client.get("/workspace/").content.decode()
    assert 'action="/accounts/acting/"' in html
    assert "静安区民政局" in html
    assert "晨曦社区服务中心" in html


def test_unread_messages_are_counted_beside_the_inbox(client_for, monkeypatch):
    monkeypatch.setattr(inbox, "_counters", [lambda actor: 3])
    client = client_for(make_person(make_body(), Role.OFFICER))
    assert "<b>3</b>" in client.get("/workspace/").content.decode()


def test_nobody_counts_for_strangers(client, monkeypatch):
    def fail(actor):
        raise AssertionError("asked for a stranger")

    monkeypatch.setattr(inbox, "_counters", [fail])
    assert client.get("/projects/").status_code == 200


def test_areas_come_in_order(monkeypatch):
    actor = make_person(make_body(), Role.OFFICER)
    monkeypatch.setattr(
        navigation, "_sources", [lambda who: [Area("b", "乙", "/b/", order=20), Area("a", "甲", "/a/", order=10)]]
    )
    assert [area.key for area in navigation.areas_for(actor)] == ["a", "b"]
    assert navigation.areas_for(None) == []


# Forms


class SampleForm(forms.Form):
    price = forms.DecimalField(label="报价", help_text="单位：元")
    agree = forms.BooleanField(label="同意")
    kind = forms.ChoiceField(label="种类", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)

    def clean(self):
        raise forms.ValidationError("两项不能同时填写。")


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_a_form_ties_help_and_errors_to_its_fields():
    html = render('{% include "components/form.html" %}', form=SampleForm({"price": "x"}), csrf_token="t")
    assert 'href="#id_price"' in html
    assert 'aria-describedby="id_price_helptext id_price_error"' in html
    assert 'aria-invalid="true"' in html
    assert "两项不能同时填写。" in html
    assert html.index("error-summary") < html.index('name="price"')
    assert html.count("（选填）") == 1
    assert "<legend>种类" in html


def test_an_untouched_form_accuses_nobody():
    html = render('{% include "components/form.html" %}', form=SampleForm(), csrf_token="t")
    assert "error-summary" not in html
    assert "aria-invalid" not in html


def test_a_placeholder_does_not_echo_the_label():
    class SignIn(forms.Form):
        email = forms.CharField(
            label="电子邮箱", widget=forms.TextInput(attrs={"placeholder": "电子邮箱"}), help_text="办公用"
        )
        code = forms.CharField(label="信用代码", widget=forms.TextInput(attrs={"placeholder": "18 位"}))

    html = render('{% include "components/fields.html" %}', form=SignIn())
    assert 'placeholder="18 位"' in html
    assert html.count("placeholder") == 1
    assert 'aria-describedby="id_email_helptext"' in html


def test_a_rule_quotes_its_article_in_one_line():
    html = render(
        '{% include "components/rule.html" %}',
        decision=refuse("截止日期早于最早的合法日期。", "R-TENDER-01", due=date(2026, 7, 6)),
    )
    assert "rule fail" in html
    assert "R-TENDER-01" in html
    assert "政府采购法" in html
    assert "<b>R-TENDER-01</b>" in html
    good = render('{% include "components/rule.html" %}', decision=allow("R-TENDER-01", "符合"))
    assert "rule pass" in good


# Formats


NOON = datetime(2026, 6, 15, 12, 0, 30, tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("tool", "value", "chinese", "english"),
    [
        (web.yuan, Decimal("1234567.8"), "1,234,567.80", "1,234,567.80"),
        (web.yuan, None, "", ""),
        (web.wan, Decimal("1860000"), "186.00", "1,860,000"),
        (web.wan, Decimal("375459.50"), "37.55", "375,459.50"),
        (web.wan, None, "", ""),
        (web.in_wan, Decimal("1860000"), "186.00 万元", "186.00 万元"),
        (web.wan_short, Decimal("24000000"), "2,400", "24,000,000"),
        (web.wan_short, Decimal("159600"), "15.96", "159,600"),
        (web.wan_short, 0, "0", "0"),
        (web.number, 71000, "71,000", "71,000"),
        (web.number, Decimal("3.50"), "3.5", "3.5"),
        (web.number, Decimal("300"), "300", "300"),
        (web.size, 900, "900 B", "900 B"),
        (web.size, 1887436, "1.8 MB", "1.8 MB"),
        (web.size, 3 * 1024**3, "3.0 GB", "3.0 GB"),
        (web.day, NOON, "2026 年 6 月 15 日", "15 June 2026"),
        (web.short_day, date(2026, 6, 16), "6 月 16 日", "16 June"),
        (web.short_day, date(2027, 1, 2), "2027 年 1 月 2 日", "2 January 2027"),
        (web.moment, NOON, "2026 年 6 月 15 日 12:00", "15 June 2026, 12:00"),
        (web.second, NOON, "2026 年 6 月 15 日 12:00:30", "15 June 2026, 12:00:30"),
        (web.when, date(2026, 6, 15), "今天", "Today"),
        (web.when, date(2026, 6, 16), "明天", "Tomorrow"),
        (web.when, date(2026, 6, 14), "昨天", "Yesterday"),
        (web.when, date(2026, 6, 30), "6 月 30 日", "30 June"),
        (web.month, date(2026, 7, 1), "2026 年 7 月", "July 2026"),
        (web.region, "310106", "上海市静安区", "上海市静安区"),
        (web.region, "330200", "浙江省宁波市", "浙江省宁波市"),
        (web.region, "990000", "990000", "990000"),
    ],
)
def test_formats(tool, value, chinese, english):
    with translation.override("zh-hans"):
        assert tool(value) == chinese
    with translation.override("en"):
        assert tool(value) == english


@pytest.mark.parametrize(
    ("rest", "words", "tone"),
    [
        (timedelta(seconds=-1), "", "done"),
        (timedelta(minutes=5), "5 分", "soon"),
        (timedelta(hours=23, minutes=48), "23 小时 48 分", "soon"),
        (timedelta(hours=47), "47 小时 0 分", "soon"),
        (timedelta(days=3, hours=5), "3 天", "open"),
    ],
)
def test_time_left(rest, words, tone):
    deadline = clock.now() + rest
    with translation.override("zh-hans"):
        assert web.left(deadline) == words
    assert web.closing_tone(deadline) == tone


def test_headlines_break_between_phrases_and_are_escaped():
    assert web.phrases("公家的钱，买了<什么>") == "<span>公家的钱，</span><span>买了&lt;什么&gt;</span>"
    assert web.phrases("Public money: what") == "<span>Public</span> <span>money:</span> <span>what</span>"


def test_a_lot_that_bears_the_tenders_name_is_not_said_twice():
    assert web.with_lot("社区食堂", "北片") == "社区食堂 · 北片"
    assert web.with_lot("社区食堂", "社区食堂") == "社区食堂"


@pytest.mark.parametrize(
    ("path", "marked"),
    [("/notices/", "公告"), ("/tenders/SH-2026-0009/", "公告"), ("/log/", "数据与核验"), ("/projects/x/", "项目公开"), ("/", None)],
)  # fmt: skip
def test_the_public_line_marks_where_one_is(path, marked):
    with translation.override("zh-hans"):
        current = [str(link["label"]) for link in navigation.public_links(path) if link["current"]]
    assert current == ([marked] if marked else [])


def test_a_share_is_drawn_without_inline_style():
    html = render("{% bar '已拨付' 41 100 tone='jade' %}")
    assert 'width="41.00"' in html
    assert "41%" in html
    assert "style" not in html
    assert 'width="0.00"' in render("{% bar 'x' 0 0 %}")
    assert 'width="100.00"' in render("{% bar 'x' 5 4 %}")


# The component page


def test_the_component_page_is_for_debug_and_demo_only(client, settings):
    assert client.get("/styleguide/").status_code == 404
    settings.MARKETPLACE_DEMO = True
    html = client.get("/styleguide/").content.decode()
    assert "请填写数字，不带单位和汉字。" in html
    assert " style=" not in html
