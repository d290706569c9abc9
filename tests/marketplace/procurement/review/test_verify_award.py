"""The published file, the command, and the program without dependencies: one changed score makes both fail."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from marketplace.procurement.models import Award, CommitteeMember
from marketplace.procurement.rules.award_file import differences
from tests.factories.review import Panel, award_panel

from .conftest import Stage, staged

pytestmark = pytest.mark.django_db
PROGRAM = Path(__file__).resolve().parents[4] / "docs" / "verify_award.py"


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, lambda: award_panel()[0]) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


@pytest.fixture
def award(panel: Panel) -> Award:
    return Award.objects.get(lot=panel.lot)


def program(folder: Path, data: Any) -> tuple[int, str]:
    """The stand-alone program in a Python of its own, isolated from the project."""
    path = folder / "award.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"},
    )
    return done.returncode, done.stdout + done.stderr


def command(source: str) -> str:
    output = StringIO()
    call_command("verify_award", source, stdout=output)
    return output.getvalue()


def test_anyone_may_take_the_file(panel: Panel, award: Award, client: Any, tmp_path: Path) -> None:
    response = client.get(reverse("procurement:award-file", args=[panel.lot.tender.number]))
    assert response.status_code == 200
    data = response.json()
    assert data["lots"] == [award.public_data]
    code, output = program(tmp_path, data)
    assert (code, "OK: scores, ranking, draw and award" in output) == (0, True), output


def test_the_program_is_offered(client: Any) -> None:
    response = client.get(reverse("procurement:verify-program"))
    assert b"".join(response.streaming_content) == PROGRAM.read_bytes()


def test_the_command_by_number(panel: Panel) -> None:
    assert "OK: scores, ranking, draw and award" in command(panel.lot.tender.number)


def test_no_award_no_file(client: Any) -> None:
    assert client.get(reverse("procurement:award-file", args=["SH-2026-9999"])).status_code == 404
    with pytest.raises(CommandError, match="neither a file nor a project"):
        command("SH-2026-9999")


def test_losers_and_members_have_no_names(panel: Panel, award: Award) -> None:
    text = json.dumps(award.public_data, ensure_ascii=False)
    losers = panel.lot.bids.exclude(pk=award.bid_id).select_related("body")
    assert not any(bid.body.name in text or bid.body.code in text for bid in losers)
    assert not any(str(member.user) in text for member in CommitteeMember.objects.filter(lot=panel.lot))
    assert award.public_data["members"] == [f"成员 {number}" for number in range(1, 6)]


def change_score(data: dict[str, Any]) -> str:
    """Another published range for one member: only the sums are wrong then."""
    bid, criterion = data["bids"][1], data["criteria"][0]
    scores = bid["scores"][criterion["key"]]
    scores["1"] = next(row["points"] for row in criterion["ranges"] if row["points"] != scores["1"])
    return f"bid {bid['label']}, {criterion['title']}: mean"


def change_range(data: dict[str, Any]) -> str:
    data["bids"][0]["scores"][data["criteria"][0]["key"]]["2"] = "59.99"
    return "59.99 of member 2 is none of the ranges"


def leave_a_member_out(data: dict[str, Any]) -> str:
    del data["bids"][0]["scores"][data["criteria"][0]["key"]]["2"]
    return "not every member has a score"


def change_objective(data: dict[str, Any]) -> str:
    criterion = next(row for row in data["criteria"] if row["kind"] == "objective")
    scores = data["bids"][0]["scores"][criterion["key"]]
    scores["1"] = next(row["points"] for row in criterion["ranges"] if row["points"] != scores["1"])
    return "objective scores differ"


def change_price(data: dict[str, Any]) -> str:
    data["bids"][2]["price"] = "1234567.89"
    return "price points"


def change_total(data: dict[str, Any]) -> str:
    data["bids"][1]["total"] = "99.99"
    return "total 99.99 published"


def change_rank(data: dict[str, Any]) -> str:
    data["bids"][1]["rank"] = 1
    return "rank 1 published, 2 computed"


def change_winner(data: dict[str, Any]) -> str:
    other = data["bids"][1]
    data["award"] |= {"label": other["label"], "amount": other["price"]}
    return "is not first in order"


def change_amount(data: dict[str, Any]) -> str:
    data["award"]["amount"] = "1.00"
    return "award: amount 1.00"


def award_nobody(data: dict[str, Any]) -> str:
    data["award"]["label"] = "Z"
    return "is not among the valid bids"


def change_pool(data: dict[str, Any]) -> str:
    data["draw"]["pool"].append("E9999")
    return "the pool does not have the hash"


def change_seed(data: dict[str, Any]) -> str:
    data["draw"]["head"] = "00"
    return "the seed does not follow"


def change_order(data: dict[str, Any]) -> str:
    data["draw"]["order"].reverse()
    return "the order does not follow"


def change_weight(data: dict[str, Any]) -> str:
    data["rules"]["price_weight"] = "16"
    return "sum to 101, not to 100"


def change_format(data: dict[str, Any]) -> str:
    data["format"] = "other/2"
    return "unknown format"


CHANGES = [
    change_score,
    change_range,
    leave_a_member_out,
    change_objective,
    change_price,
    change_total,
    change_rank,
    change_winner,
    change_amount,
    award_nobody,
    change_pool,
    change_seed,
    change_order,
    change_weight,
    change_format,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_any_change_is_named_by_both(award: Award, tmp_path: Path, change: Callable[[dict[str, Any]], str]) -> None:
    data = copy.deepcopy(award.public_data)
    assert differences(data) == []
    line = change(data)
    assert any(line in found for found in differences(data))
    code, output = program(tmp_path, data)
    assert code == 1
    assert line in output, output
    with pytest.raises(CommandError, match="difference"):
        command(str(tmp_path / "award.json"))


def test_a_reason_explains_another_than_the_first(award: Award, tmp_path: Path) -> None:
    data = copy.deepcopy(award.public_data)
    change_winner(data)
    data["award"]["reason"] = "第一候选人被列入严重失信名单"
    assert differences(data) == []
    assert program(tmp_path, data)[0] == 0


def test_whoever_refused_is_passed_over(award: Award, tmp_path: Path) -> None:
    data = copy.deepcopy(award.public_data)
    first = data["award"]["label"]
    change_winner(data)
    data["passed_over"] = [{"label": first, "why": "refused", "reason": "人员不足"}]
    assert differences(data) == []
    assert program(tmp_path, data)[0] == 0


def test_nonsense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("nonsense")
    with pytest.raises(CommandError, match="no JSON file"):
        command(str(path))
    path.write_text("[]")
    with pytest.raises(CommandError, match="no award file"):
        command(str(path))
