"""The pages of a grant agreement: what each role sees and does there, and a constant number of queries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.contracts.models import ChangeRequest, ContractStatus, MilestoneStatus, Payback, ReportSpending
from marketplace.contracts.services import change as changes
from marketplace.core import clock
from tests.factories import grants
from tests.factories.contracts import a_pdf
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
D = Decimal


def url(world: grants.GrantWorld, tail: str = "") -> str:
    return f"/workspace/contracts/{world.agreement.pk}/{tail}"


def test_an_officer_drafts_from_the_list() -> None:
    world = grants.make_grant()
    client = client_for(world.officer)
    assert grants.TITLE in client.get("/workspace/contracts/").content.decode()
    answer = client.post(f"/workspace/contracts/start/grant/{world.grant.pk}/")
    world.refresh()
    assert answer.url == url(world)
    page = client.get(answer.url).content.decode()
    assert "福利彩票公益金" in page and "财政预算资金" in page and "社工补贴" in page
    assert client.get("/workspace/contracts/").context["grants"] == []


def test_the_organization_asks_and_the_officer_decides() -> None:
    world = grants.active_agreement()
    lines = list(world.agreement.budget.all())
    client = client_for(world.reporter)
    typed = {
        "from_line": lines[0].pk,
        "to_line": lines[1].pk,
        "share": world.agreement.shares.get(position=1).pk,
        "amount": "50000",
        "reason": "活动改为线上",
    }
    refused = client.post(url(world, "changes/budget/"), typed)
    assert refused.status_code == 422
    assert "活动改为线上" in refused.content.decode()
    assert not ChangeRequest.objects.exists()
    assert client.post(url(world, "changes/budget/"), typed | {"amount": "5000"}).status_code == 302
    change = ChangeRequest.objects.get()
    client = client_for(world.officer)
    assert f"/workspace/contract-changes/{change.pk}/decide/" in client.get(url(world)).content.decode()
    client.post(f"/workspace/contract-changes/{change.pk}/decide/", {"decision": "yes", "opinion": "同意"})
    change.refresh_from_db()
    assert change.status == "approved"
    assert client.get(url(world, "changes/nothing/")).status_code == 404


@pytest.mark.parametrize("kind", ["budget", "period", "team", "activities"])
def test_each_kind_of_change_has_a_form(kind: str) -> None:
    world = grants.active_agreement()
    client = client_for(world.reporter)
    assert client.get(url(world, f"changes/{kind}/")).status_code == 200


def test_a_report_names_the_lines_of_the_budget() -> None:
    world = grants.active_agreement()
    client = client_for(world.reporter)
    client.get(url(world, "milestones/2/report/"))
    page = client.get(url(world, "milestones/2/report/"))
    assert "社工补贴" in page.content.decode()
    line = world.agreement.budget.get(position=2)
    form = page.context["form"]
    rows = {f"{prefix}-{name}": 0 for prefix in ("f", "s") for name in ("INITIAL_FORMS", "MIN_NUM_FORMS")}
    rows |= {"f-TOTAL_FORMS": 0, "s-TOTAL_FORMS": 1, "f-MAX_NUM_FORMS": 20, "s-MAX_NUM_FORMS": 30}
    typed = {"s-0-line_id": line.pk, "s-0-name": "社工补贴四月", "s-0-amount": "3000"}
    client.post(url(world, "milestones/2/report/"), {"version": form.initial["version"], **rows, **typed})
    spending = ReportSpending.objects.get()
    assert (spending.line_id, spending.amount) == (line.pk, D("3000.00"))


def test_a_stage_is_looked_into_and_decided_on_its_page() -> None:
    world = grants.reported(grants.active_agreement())
    stone = url(world, "milestones/2/")
    client = client_for(world.officer)
    assert stone + "look/" in client.get(stone).content.decode()
    look = {"kind": "desk", "made_on": clock.today().isoformat(), "note": "材料齐全", "has_doubt": "on"}
    assert client.post(stone + "look/", look).status_code == 302
    assert "疑点" in client.get(stone).content.decode()
    client.post(stone + "fail/", {"reason": "活动未开展"})
    client = client_for(world.approver)
    assert stone + "fail/decide/" in client.get(stone).content.decode()
    assert client.post(stone + "fail/decide/", {"decision": "no", "opinion": ""}).status_code == 422
    client.post(stone + "fail/decide/", {"decision": "yes", "opinion": ""})
    assert world.milestone(2).status == MilestoneStatus.FAILED
    assert "活动未开展" in client.get(f"/projects/{world.grant.number}/").content.decode()


def test_pay_back_from_the_proposal_to_the_money() -> None:
    world = grants.paid(grants.active_agreement())
    client = client_for(world.officer)
    typed = {"cause": "breach", "amount": "45000", "reason": "挪用", "due_on": "2026-07-31", "asks_ban": "on"}
    assert client.post(url(world, "payback/"), typed).status_code == 302
    row = Payback.objects.get()
    client = client_for(world.admin)
    client.post(f"/workspace/paybacks/{row.pk}/answer/", {"answer": "愿意退回"})
    client = client_for(world.approver)
    client.post(f"/workspace/paybacks/{row.pk}/decide/", {"decision": "yes"})
    assert world.refresh().agreement.status == ContractStatus.ENDED
    client = client_for(world.finance)
    receipt = {"amount": "20000", "received_on": clock.today().isoformat(), "bank_reference": "TH-1"}
    client.post(f"/workspace/paybacks/{row.pk}/receipt/", receipt)
    page = client.get(url(world)).content.decode()
    assert "20,000.00" in page
    public = client.get(f"/projects/{world.grant.number}/").content.decode()
    assert "20,000.00" in public and "挪用" in public


def test_the_auditor_records_the_audit() -> None:
    from marketplace.accounts.roles import BodyKind, Role
    from tests.factories.accounts import make_body, make_person

    world = grants.passed(grants.passed(grants.active_agreement(), 2), 3)
    client = client_for(make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR))
    assert url(world, "audit/") in client.get(url(world)).content.decode()
    typed = {"opinion": "clean", "spent": "90000", "summary": "单独核算", "paper": a_pdf("审计")}
    assert client.post(url(world, "audit/"), typed).status_code == 302
    assert "无保留意见" in client.get(url(world)).content.decode()


def test_the_page_asks_the_database_as_often_however_much_there_is() -> None:
    world = grants.paid(grants.active_agreement())
    client = client_for(world.officer)
    client.get(url(world))
    with CaptureQueriesContext(connection) as few:
        client.get(url(world))
    for n in range(3):
        _world, change = grants.asked_change(world, amount=D("100.00"), reason=f"调整{n}")
        changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意")
    grants.reported(world, 2)
    with CaptureQueriesContext(connection) as many:
        client.get(url(world))
    assert len(many) <= len(few) + 1  # a report may be read along


def titles(actor) -> str:
    from marketplace.contracts import tasks

    sources = (tasks.grant_tasks, tasks.stage_tasks, tasks.change_tasks, tasks.payback_tasks)
    return "\n".join(str(task.title) for source in sources for task in source(actor))


def test_what_is_due_stands_in_the_right_persons_list() -> None:
    from marketplace.contracts.services import stage as stages

    world = grants.make_grant()
    assert grants.TITLE in titles(world.officer)
    assert titles(world.approver) == titles(world.finance) == titles(world.admin) == ""
    world, change = grants.asked_change(amount=D("10000.00"))
    assert grants.TITLE in titles(world.officer) and titles(world.approver) == ""
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意")
    assert titles(world.officer) == "" and grants.TITLE in titles(world.approver)
    world = grants.reported(grants.active_agreement())
    stages.propose_failure(actor=world.officer, milestone_id=world.milestone(2).pk, reason="x")
    assert grants.TITLE in titles(world.approver)
    world, _row = grants.proposed_payback()
    assert "45,000.00" in titles(world.admin) and titles(world.approver) == titles(world.reporter) == ""
    world, _row = grants.demanded_payback()
    assert "45,000.00" in titles(world.finance) and "45,000.00" in titles(world.admin)
