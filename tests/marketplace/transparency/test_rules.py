"""/rules/: every rule with its article, what happens, its numbers and its mark; filters; the settings in force."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from marketplace.core.catalogue import catalogue
from marketplace.core.decisions import refuse
from marketplace.core.exceptions import Refused
from marketplace.core.models import RuleValue
from marketplace.web.views import refusal_text

pytestmark = pytest.mark.django_db


def page(client: Client, path: str = "/rules/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def shown(html: str) -> list[str]:
    return [rule_id for rule_id in catalogue() if f'<li id="{rule_id}"' in html]


def test_all_rules_stand_there_with_article_values_and_mark(client: Client) -> None:
    html = page(client)
    assert shown(html) == list(catalogue())
    [entry] = [part for part in html.split("<li ") if part.startswith('id="R-EVAL-16"')]
    for words in ("异常低价的数量标准", "财库〔2026〕2号", "待核实", "违反不予办理", "0.65", "占最高限价比例"):
        assert words in entry
    [entry] = [part for part in html.split("<li ") if part.startswith('id="R-TENDER-01"')]
    assert "待核实" not in entry
    assert "不少于 <b>20</b> 日" in entry


def test_english(client: Client) -> None:
    html = page(client, "/en/rules/")
    assert "At least twenty days from issue of the documents to the bid deadline" in html
    assert "at least <b>20</b> days" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=R-TENDER-01", {"R-TENDER-01"}),
        ("q=政府采购法第三十五条", {"R-TENDER-01", "R-TIME-05"}),
        ("q=质疑 七个工作日 书面", {"R-OBJ-02", "R-OBJ-06"}),
        ("section=OPEN", {f"R-OPEN-0{n}" for n in range(1, 6)}),
        ("section=TIME&mark=ours", {"R-TIME-05", "R-TIME-08", "R-TIME-09"}),
        ("section=GPS&enforcement=INFO", {"R-GPS-11"}),
        ("section=AWARD&mark=verify", {"R-AWARD-03", "R-AWARD-04", "R-AWARD-07", "R-AWARD-08"}),
        ("q=没有这样的规则", set()),
    ],
)
def test_filters(client: Client, query: str, expected: set[str]) -> None:
    assert set(shown(page(client, f"/rules/?{query}"))) == expected


def test_a_wrong_filter_shows_all_and_nothing_found_shows_the_way_out(client: Client) -> None:
    assert len(shown(page(client, "/rules/?section=NOWHERE"))) == len(catalogue())
    assert "没有符合条件的规则" in page(client, "/rules/?q=xyzzy")


def test_settings_in_force_stand_beside_their_rule(client: Client) -> None:
    common: dict[str, Any] = {"rule_id": "R-SCOPE-05", "key": "open_tender", "region": "310000"}
    RuleValue.objects.create(**common, value="3000000", valid_from=date(2025, 1, 1), reason="旧文件")
    RuleValue.objects.create(**common, value="4000000", valid_from=date(2026, 1, 1), reason="沪财采〔2025〕9号")
    RuleValue.objects.create(**common, value="5000000", valid_from=date(2026, 7, 1), reason="明年文件")
    RuleValue.objects.create(rule_id="R-COMM-07", enforcement="WARN", valid_from=date(2026, 1, 1), reason="试点通知")
    html = page(client)
    assert "4000000" in html
    assert "沪财采〔2025〕9号" in html
    assert "旧文件" not in html
    assert "明年文件" not in html
    assert "降为说明理由后可办理" in html


def test_downloads_follow_the_filters(client: Client) -> None:
    body = b"".join(client.get("/rules/rules.csv?section=OPEN").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["id"] for row in rows] == [f"R-OPEN-0{n}" for n in range(1, 6)]
    assert rows[1]["values"] == "value=<3 bidders"
    data = json.loads(client.get("/rules/rules.json?q=R-EVAL-05").content)
    assert data["rules"][0]["values"]["services"] == {"relation": "≥", "value": "10", "unit": "%"}


def test_queries_do_not_grow(client: Client) -> None:
    page(client)
    RuleValue.objects.bulk_create(
        RuleValue(rule_id="R-SCOPE-05", key="threshold", value="1", valid_from=date(2026, 1, n), reason="x")
        for n in range(1, 31)
    )
    with CaptureQueriesContext(connection) as queries:
        page(client)
    assert len(queries) <= 6


def test_the_tag_shows_title_article_and_link() -> None:
    with translation.override("zh-hans"):
        html = Template('{% rule "R-TENDER-01" %}').render(Context())
        assert "自招标文件发出之日起至投标截止不少于二十日" in html
        assert '<a href="/rules/#R-TENDER-01"' in html
        assert "政府采购法第三十五条 · <b>R-TENDER-01</b>" in html
        assert "R-NOTHING-01" in Template('{% cite "R-NOTHING-01" %}').render(Context())
    with pytest.raises(KeyError):
        Template('{% rule "R-NOTHING-01" %}').render(Context())


def test_a_refusal_quotes_the_rule() -> None:
    with translation.override("zh-hans"):
        text = refusal_text(Refused(refuse("截止时间过早。", "R-TENDER-01")))
    assert text == "截止时间过早。 (自招标文件发出之日起至投标截止不少于二十日 · 政府采购法第三十五条 · R-TENDER-01)"
