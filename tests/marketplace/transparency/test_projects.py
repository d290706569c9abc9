"""Projects: one list over awards and history, exact downloads, a page from need to evaluation."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest

from marketplace.contracts.services.report import accept_report
from marketplace.demo.history import write_history
from marketplace.procurement.models import AwardStatus
from marketplace.transparency.downloads import safe_cell
from marketplace.transparency.models import HistoricalProject
from marketplace.transparency.scores import score_table
from tests.factories.contracts import (
    acceptance,
    accepted_milestone,
    evaluated_contract,
    paid_milestone,
    reported_milestone,
    signed_contract,
)
from tests.factories.review import awarded_lot

pytestmark = pytest.mark.django_db


def past(number: str, **changes) -> HistoricalProject:
    values = {
        "series": "F1", "number": number, "title": "社区老年助餐", "region": "310106", "buyer_name": "上海市民政局",
        "organization_name": "晨曦社区服务中心（演示）", "amount": Decimal("100000.00"), "year": 2010,
        "fund_kind": "lottery", "purpose": "elderly", "track": "charity_tender",
    }  # fmt: skip
    return HistoricalProject.objects.create(**values | changes)


def read_csv(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


# The list


def test_awards_and_history_stand_in_one_list(client):
    past("SHLS-0001")
    world = evaluated_contract()
    page = client.get("/projects/")
    assert [(row.origin, row.number) for row in page.context["rows"]] == [
        ("award", world.tender_number),
        ("history", "SHLS-0001"),
    ]
    assert (page.context["totals"].count, page.context["totals"].amount) == (2, Decimal("586000.00"))
    assert page.context["rows"][0].grade == "excellent"
    html = page.content.decode()
    assert "共 2 个项目，合计 586,000.00 元" in html
    assert "历史" in html


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["C", "B", "A"]),
        ("?year=2011", ["B"]),
        ("?region=330000", ["B"]),
        ("?region=310106", ["A", "C"]),
        ("?buyer=宁波", ["B"]),
        ("?organization=新叶", ["B"]),
        ("?purpose=disabled", ["B"]),
        ("?fund=fiscal", ["C"]),
        ("?band=small", ["A"]),
        ("?band=medium", ["B"]),
        ("?band=large", ["C"]),
        ("?band=huge", []),
        ("?q=助残", ["B"]),
        ("?q=c", ["C"]),
        ("?track=history", ["C", "B", "A"]),
        ("?track=award", []),
        ("?grade=good", []),
        ("?sort=amount_up", ["A", "B", "C"]),
        ("?sort=amount_down", ["C", "B", "A"]),
        ("?sort=organization", ["B", "C", "A"]),
        ("?year=nonsense&sort=nonsense", ["C", "B", "A"]),
        ("?year=2011&purpose=elderly", []),
    ],
)
def test_filters_and_orders(client, query, numbers):
    past("A", year=2010, amount=Decimal("199999.99"))
    past("B", year=2011, amount=Decimal("200000.00"), region="330203", buyer_name="宁波市民政局", title="社区助残服务",
         organization_name="新叶助残服务社（演示）", purpose="disabled")  # fmt: skip
    past("C", year=2012, amount=Decimal("1000000.00"), fund_kind="fiscal", organization_name="晨曦社区服务中心（演示）")
    page = client.get(f"/projects/{query}")
    assert page.status_code == 200
    found = [row.number for row in page.context["rows"]]
    assert sorted(found) == sorted(numbers)
    if "region=310106" not in query and "sort=organization" not in query:  # letters sort as the database does
        assert found == numbers
    assert page.context["totals"].count == len(numbers)


def test_a_refused_award_is_not_a_project(client):
    award = awarded_lot(bids=3)
    type(award).objects.filter(pk=award.pk).update(status=AwardStatus.ANNULLED)
    assert client.get("/projects/").context["totals"].count == 0
    assert client.get(f"/projects/{award.lot.tender.number}/").status_code == 302


def test_the_list_costs_the_same_with_a_thousand(client, django_assert_max_num_queries):
    past("A")
    with django_assert_max_num_queries(12) as few:
        client.get("/projects/")
    HistoricalProject.objects.bulk_create(
        HistoricalProject(series="F1", number=f"B{n}", title="x", region="310106", buyer_name="b", amount=1, year=2010,
                          organization_name="o", fund_kind="lottery", purpose="elderly", track="venture_call")
        for n in range(1000)
    )  # fmt: skip
    with django_assert_max_num_queries(12) as many:
        page = client.get("/projects/?page=34")
    assert len(few) == len(many)
    assert len(page.context["rows"]) == 11


# Downloads


def test_downloads_are_exactly_the_filtered_rows(client):
    for number in range(40):
        past(f"P{number:02d}", year=2010 + number % 2, amount=Decimal(1000 * (number + 1)))
    page = client.get("/projects/?year=2011&sort=amount_down")
    rows = read_csv(client.get("/projects/download.csv?year=2011&sort=amount_down"))
    assert page.context["totals"].count == 20 == len(rows) - 1
    assert rows[0][0] == "项目编号"
    assert [row[0] for row in rows[1:]] == [f"P{number:02d}" for number in range(39, 0, -2)]
    assert rows[1][8] == "40000.00"
    content = b"".join(client.get("/projects/download.json?year=2011&sort=amount_down").streaming_content)
    data = json.loads(content)
    assert data["licence"] == "CC BY 4.0"
    assert [row["number"] for row in data["rows"]] == [row[0] for row in rows[1:]]
    assert data["rows"][0]["origin"] == "history-demo"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(client, text):
    past("F1", title=text, organization_name=text)
    row = read_csv(client.get("/projects/download.csv"))[1]
    assert row[1] == row[6] == "'" + text


def test_numbers_and_plain_text_stay_as_they_are():
    assert [safe_cell(value) for value in (-5, "社区=服务", None, 2012)] == ["-5", "社区=服务", "", "2012"]


def test_an_empty_download_is_still_a_file(client):
    assert len(read_csv(client.get("/projects/download.csv?year=1999"))) == 1
    assert json.loads(b"".join(client.get("/projects/download.json").streaming_content))["rows"] == []


# The page of a project


def test_a_project_tells_why_this_winner(client, django_assert_max_num_queries):
    award = awarded_lot(bids=3)
    number = award.lot.tender.number
    client.get("/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/projects/{number}/")
    table = page.context["project"].parts[0].scores
    assert [line.rank for line in table.lines] == [1, 2, 3]
    assert table.lines[0].is_winner
    assert table.lines[0].name == award.bid.body.name
    assert [line.name for line in table.lines[1:]] == [
        f"投标人 {line['label']}" for line in award.public_data["bids"][1:]
    ]
    html = page.content.decode()
    losers = [bid.body.name for bid in award.lot.bids.exclude(pk=award.bid_id).select_related("body")]
    assert award.bid.body.name in html
    assert not [name for name in losers if f">{name}<" in html]
    assert page.context["lottery"] is True
    assert "彩票公益金资助-中国福利彩票" in html


def test_the_award_file_is_handed_out_as_published(client):
    award = awarded_lot(bids=3)
    answer = client.get(f"/projects/{award.lot.tender.number}/award-1.json")
    assert json.loads(answer.content) == award.public_data
    assert client.get(f"/projects/{award.lot.tender.number}/award-2.json").status_code == 404


def test_a_project_shows_money_people_and_the_face(client, django_assert_max_num_queries):
    world = evaluated_contract(paid_milestone())
    client.get("/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/projects/{world.tender_number}/")
    part = page.context["project"].parts[0]
    assert part.amount == Decimal("486000.00")
    assert part.paid == Decimal("243000.00")
    assert part.fullest_report.people_served == 312
    assert part.evaluation.grade == "excellent"
    html = page.content.decode()
    assert "优 · 92.4 分" in html
    assert part.evaluation.reason_sentence in html
    assert "243,000.00" in html


def test_residents_see_figures_photos_points_and_what_is_left(client, django_assert_max_num_queries):
    """R-LOT-05, R-LOT-06: by project, with results, money left, contact and the photo of the sign."""
    world = evaluated_contract(paid_milestone())
    client.get("/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/projects/{world.tender_number}/")
    part = page.context["project"].parts[0]
    assert (part.paid, part.spent, part.left) == (Decimal("243000.00"), Decimal("125000.00"), Decimal("118000.00"))
    html = page.content.decode()
    for words in ("夜间响应次数", "418 次", "118,000.00", "服务站标牌", "产出数量", "培训将在九月前补齐"):
        assert words in html, words
    photo = part.photos[0].document
    assert f"/files/{photo.file_id}" in html
    assert opens(client, photo)
    assert world.supplier.contact_name not in html  # R-PUB-02: the surname only
    assert world.contract.bank_account not in html


def opens(client, document) -> bool:
    """Whether anybody may read the file."""
    answer = client.get(f"/files/{document.file_id}/")
    return answer.status_code == 200 and len(b"".join(answer.streaming_content)) > 0


def test_photos_are_public_with_the_acceptance_and_not_before(client):
    world = reported_milestone()
    photo = world.report.photos.get().document
    assert not opens(client, photo)
    accept_report(actor=world.officer, report_id=world.report.pk, data=acceptance())
    assert opens(client, photo)


def test_people_of_several_milestones_are_not_added_up(client):
    world = accepted_milestone(accepted_milestone(), 2, people_served=250)
    part = client.get(f"/projects/{world.tender_number}/").context["project"].parts[0]
    assert [report.people_served for report in part.reports] == [312, 250]
    assert part.fullest_report.people_served == 312


def test_what_is_not_published_is_not_shown(client):
    world = signed_contract()
    page = client.get(f"/projects/{world.tender_number}/")
    assert page.context["project"].parts[0].contract is None
    assert "合同尚未公告" in page.content.decode()
    assert world.contract.bank_account not in page.content.decode()


def test_an_accepted_report_counts_a_returned_one_does_not(client):
    world = accepted_milestone()
    part = client.get(f"/projects/{world.tender_number}/").context["project"].parts[0]
    assert len(part.reports) == 1
    assert part.payments == []


def test_a_project_of_the_past_says_that_it_is_made_up(client):
    past("SHLS-0001")
    html = client.get("/projects/SHLS-0001/").content.decode()
    assert "历史" in html
    assert "演示" in html
    assert "100,000.00" in html


def test_unknown_numbers_are_not_found(client):
    assert client.get("/projects/SH-2026-9999/").status_code == 404


def test_the_score_table_is_made_from_the_file_alone():
    data = {
        "criteria": [
            {"key": "c1", "title": "方案", "kind": "judgement", "points": "45.00"},
            {"key": "c2", "title": "价格", "kind": "price", "points": "15.00"},
        ],
        "rules": {"price_weight": "15"},
        "members": ["成员 1", "成员 2"],
        "bids": [
            {"label": "A", "status": "valid", "price": "486000.00", "means": {"c1": "41.2000"},
             "price_points": "14.44", "total": "90.24", "rank": 1, "is_tied": False},
            {"label": "B", "status": "invalid", "price": "468000.00"},
        ],
        "award": {"label": "A", "name": "晨曦社区服务中心"},
    }  # fmt: skip
    table = score_table(data)
    assert [(column.title, column.points) for column in table.columns] == [("方案", "45")]
    winner, loser = table.lines
    assert (winner.name, winner.cells, winner.total, winner.rank) == ("晨曦社区服务中心", ("41.20",), "90.24", 1)
    assert (loser.name, loser.cells, loser.rank, loser.why) == ("投标人 B", ("–",), None, "投标无效")


# Figures


def test_published_totals_are_held_to_the_yuan(client):
    write_history()
    page = client.get("/about/figures/")
    stored = {
        (place.region, row.count, row.amount, row.is_exact) for place in page.context["places"] for row in place.stored
    }
    assert stored == {
        ("310000", 484, Decimal("179070000.00"), True),
        ("330200", 400, Decimal("11000000.00"), True),
        ("440700", 35, Decimal("28700000.00"), True),
    }
    html = page.content.decode()
    for figure in (
        "179,070,000",
        "近 <b>300,000,000</b>",
        "71,000",
        "86,110,000",
        "<b>400</b> 余",
        "1,427,000,000",
        "1,610",
    ):
        assert figure in html


def test_a_total_that_does_not_add_up_is_not_called_exact(client):
    write_history()
    HistoricalProject.objects.filter(number="SHLS-0001").update(amount=Decimal("1.00"))
    stored = [row for place in client.get("/about/figures/").context["places"] for row in place.stored]
    assert [row.is_exact for row in stored] == [False, True, True]


def test_figures_as_data(client):
    write_history()
    rows = read_csv(client.get("/about/figures/figures.csv"))
    assert len(rows) == 16
    assert len(json.loads(b"".join(client.get("/about/figures/figures.json").streaming_content))["rows"]) == 15


def test_open_data_lists_only_what_answers(client):
    html = client.get("/open-data/").content.decode()
    addresses = {address for address in re.findall(r'href="(/[^"#]*)"', html) if not address.startswith("/static/")}
    assert len(addresses) > 15
    assert [address for address in addresses if not answers(client, address)] == []


def answers(client, address: str) -> bool:
    answer = client.get(address, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code == 200 and len(content) > 0


# Earlier venture calls


def test_the_earlier_call_comes_to_its_published_totals(client):
    write_history()
    page = client.get("/ventures/earlier/JMCT-2014/")
    found = page.context["found"]
    assert (len(found.projects), found.organizations, found.total) == (35, 22, Decimal("28700000.00"))
    assert found.is_exact
    assert found.largest <= Decimal("1500000.00")
    for row in found.projects:
        shares = [amount for _pot, amount in row.paid_by]
        assert sum(shares) == row.project.amount
        assert min(shares) > 0
        assert row.grade
    for index, pot in enumerate(found.pots):
        assert sum(row.paid_by[index][1] for row in found.projects) == pot.amount
    assert ("440700", 35, Decimal("28700000.00"), True) in {
        (place.region, row.count, row.amount, row.is_exact)
        for place in client.get("/about/figures/").context["places"]
        for row in place.stored
    }
    assert "35 个项目" in client.get("/ventures/earlier/").content.decode()


def test_projects_of_an_earlier_call_say_who_paid(client):
    write_history()
    html = client.get("/projects/JMCT-2014-01/").content.decode()
    assert html.count("（演示） ") >= 3
    assert "/ventures/earlier/JMCT-2014/" in html
    rows = read_csv(client.get("/ventures/earlier/JMCT-2014/projects.csv"))
    assert len(rows) == 36
    assert sum(Decimal(row[4]) for row in rows[1:]) == Decimal("28700000.00")
    assert client.get("/ventures/earlier/NO-SUCH/").status_code == 404


def test_an_earlier_call_asks_the_same_number_of_times(client, django_assert_max_num_queries):
    write_history()
    with django_assert_max_num_queries(12):
        client.get("/ventures/earlier/JMCT-2014/")
    with django_assert_max_num_queries(12):
        client.get("/ventures/earlier/")
