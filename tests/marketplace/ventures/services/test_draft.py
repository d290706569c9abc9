"""The draft: nothing lost between two officers, rows that others refer to, refusals that change nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from marketplace.accounts.roles import Role
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused, StaleVersion
from marketplace.ventures.models import CallTheme
from marketplace.ventures.rules.form import Block
from marketplace.ventures.selectors.call import checks_of, draft_blocks
from marketplace.ventures.services import call as calls, draft, form
from tests.factories.accounts import make_body, make_person
from tests.factories.planning import buyer_people
from tests.factories.ventures import (
    THEMES,
    again,
    call_draft,
    call_draft_ready,
    fiscal_line,
    lottery_line,
    pot_row,
    save,
    submitted_call,
)

pytestmark = pytest.mark.django_db


def test_the_same_again_changes_nothing():
    call = call_draft()
    saved = save(call, "aims", {"title": "创投"})
    assert save(call, "aims", {"title": "创投"}, version=1).version == saved.version == 2


def test_two_officers_on_one_page_lose_nothing():
    call = call_draft()
    second = make_person(call.lead, Role.OFFICER)
    save(call, "aims", {"title": "甲"})
    with pytest.raises(StaleVersion) as stale:
        save(call, "aims", {"title": "乙"}, actor=second, version=1)
    assert stale.value.current.fields["title"] == "甲" and again(call).title == "甲"
    save(call, "guide", {"guide": "另一页不受影响"}, actor=second, version=1)
    assert again(call).guide == "另一页不受影响"


def test_only_the_lead_writes_and_only_the_draft():
    call = submitted_call()
    with pytest.raises(MarketplaceError) as refused:
        save(call, "aims", {"title": "改"})
    assert refused.value.code == "wrong_state"
    for stranger in (call.people.approver, buyer_people(make_body()).officer):
        with pytest.raises(NotAllowed):
            save(call, "aims", {"title": "改"}, actor=stranger)
    assert again(call).title != "改"


def test_a_theme_keeps_its_pot_when_another_is_taken_away():
    call = call_draft_ready()
    first, second = call.themes.all()
    line = fiscal_line(call.people)
    call = save(call, "pots", rows=[pot_row(line, "1.00", "专项", theme_id=second.pk)])
    row = {"id": second.pk, "title": second.title, "description": ""}
    call = save(call, "themes", rows=[row])
    assert [theme.pk for theme in call.themes.all()] == [second.pk] and call.pots.get().theme_id == second.pk
    with pytest.raises(Refused) as refused:
        save(call, "themes", rows=[])
    assert second.title in str(refused.value) and CallTheme.objects.filter(pk=second.pk).exists()
    assert not CallTheme.objects.filter(pk=first.pk).exists()


def test_a_page_saved_while_typing_does_not_double_its_rows():
    """The browser's new row has no key yet when it is sent a second time."""
    call = call_draft()
    save(call, "themes", rows=THEMES)
    keys = [row.pk for row in again(call).themes.all()]
    longer = [{**THEMES[0], "description": "再写几个字"}, THEMES[1]]
    assert [row.pk for row in save(call, "themes", rows=longer).themes.all()] == keys


def test_funders_can_change_places():
    call = call_draft()
    one, two = (make_body(name=name) for name in ("杨浦区民政局", "上海市民政局"))
    save(call, "funders", rows=[{"body_id": one.pk}, {"body_id": two.pk}])
    call = save(call, "funders", rows=[{"body_id": two.pk}, {"body_id": one.pk}])
    assert [row.body_id for row in call.funders.all()] == [two.pk, one.pk]
    for rows in ([{"body_id": one.pk}] * 2, [{"body_id": call.lead_id}], [{"body_id": make_body("agency").pk}]):
        with pytest.raises(Refused):
            save(call, "funders", rows=rows)
    assert again(call).funders.count() == 2


def test_tranches_and_switches_are_pages_like_others():
    call = call_draft()
    save(call, "rules", {"tranche_agreement": Decimal(60), "tranche_midterm": Decimal(30)})
    assert {row.stage: row.share for row in again(call).tranches.all()} == {"agreement": 60, "midterm": 30, "final": 10}
    save(call, "switches", {"off_r_vent_07": "本区社会组织规模小，自筹能力有限。"})
    assert again(call).switched_off.get().rule_id == "R-VENT-07"
    with pytest.raises(Refused):
        save(call, "switches", {"off_r_vent_07": "小"})
    save(call, "switches", {"off_r_vent_07": ""})
    assert not again(call).switched_off.exists()


def test_a_switched_off_rule_lets_another_value_pass():
    call = call_draft_ready(own_share=Decimal("0.00"))
    with pytest.raises(Refused) as refused:
        calls.submit_call(actor=call.people.officer, call_id=call.pk)
    assert refused.value.rule_id == "R-VENT-07"
    save(call, "switches", {"off_r_vent_07": "本区社会组织规模小，自筹能力有限。"})
    calls.submit_call(actor=call.people.officer, call_id=call.pk)


@pytest.mark.parametrize(
    ("key", "fields", "rule_id"),
    [
        ("timetable", {"deadline": datetime(2026, 6, 15, 8, tzinfo=ZONE)}, "R-TIME-07"),
        ("timetable", {"deadline": datetime(2027, 3, 1, 17, tzinfo=ZONE)}, "R-TIME-08"),
    ],
)
def test_past_and_unknown_days_are_not_even_saved(key, fields, rule_id):
    call = call_draft()
    with pytest.raises(Refused) as refused:
        save(call, key, fields)
    assert refused.value.rule_id == rule_id and refused.value.field == "deadline"
    assert again(call).version == 1


@pytest.mark.parametrize(
    ("fields", "rule_id"),
    [
        ({"pays_for_service": True}, "R-SCOPE-03"),
        ({"money_is_mixed": True}, "R-SCOPE-02"),
        ({"pays_for_service": None}, "R-SCOPE-03"),
    ],
)
def test_a_purchase_is_no_call(fields, rule_id):
    call = call_draft_ready(**fields)
    with pytest.raises(Refused) as refused:
        calls.submit_call(actor=call.people.officer, call_id=call.pk)
    assert refused.value.rule_id == rule_id
    if fields.get("pays_for_service"):
        assert "年度清单" in str(refused.value)


def test_lines_hold_what_other_calls_left():
    people = buyer_people()
    line = lottery_line(people)
    first = submitted_call(people, pots=[pot_row(line, "2500000.00")])
    calls.publish_call(actor=people.approver, call_id=first.pk)
    second = call_draft_ready(people, pots=[pot_row(line, "500000.01")])
    assert [d.rule_id for d in checks_of(second)["pots"] if not d.allowed] == ["R-PLAN-01"]


# The composer


def keys(call):
    return [row.key for row in again(call).blocks.all()]


def test_standard_form_only_into_an_empty_one():
    call = call_draft()
    form.use_standard_form(actor=call.people.officer, call_id=call.pk)
    assert keys(call) == [f"b{n}" for n in range(1, 11)]
    with pytest.raises(MarketplaceError):
        form.use_standard_form(actor=call.people.officer, call_id=call.pk)
    assert len(keys(call)) == 10


def test_blocks_are_added_moved_and_taken_out():
    call = call_draft()
    officer = call.people.officer
    for kind in ("text", "table", "budget"):
        form.add_block(actor=officer, call_id=call.pk, kind=kind)
    assert keys(call) == ["b1", "b2", "b3"]
    form.move_block(actor=officer, call_id=call.pk, key="b3", up=True)
    form.move_block(actor=officer, call_id=call.pk, key="b3", up=True)
    form.move_block(actor=officer, call_id=call.pk, key="b3", up=True)  # at the top nothing happens
    assert keys(call) == ["b3", "b1", "b2"]
    form.move_block(actor=officer, call_id=call.pk, key="b3", up=False)
    for _twice in range(2):
        form.remove_block(actor=officer, call_id=call.pk, key="b1")
    assert keys(call) == ["b3", "b2"]
    with pytest.raises(MarketplaceError):
        form.add_block(actor=officer, call_id=call.pk, kind="budget")
    with pytest.raises(MarketplaceError):
        form.add_block(actor=officer, call_id=call.pk, kind="mystery")
    with pytest.raises(NotFound):
        form.move_block(actor=officer, call_id=call.pk, key="b9", up=True)


def test_a_block_is_written_within_its_limits_and_not_over_another_text():
    call = call_draft()
    officer = call.people.officer
    form.add_block(actor=officer, call_id=call.pk, kind="text")
    version = again(call).version

    def write(title, most=800, version=version):
        block = Block("b1", "text", title, criterion="need", most_characters=most)
        return form.save_block(actor=officer, call_id=call.pk, key="b1", version=version, block=block)

    write("项目需求")
    assert draft_blocks(again(call))[0].criterion == "need"
    with pytest.raises(StaleVersion) as stale:
        write("另一个标题")
    assert stale.value.current.title == "项目需求"
    with pytest.raises(Refused) as refused:
        write("项目需求", 0, version + 9)
    assert refused.value.field == "most_characters"
    with pytest.raises(NotFound):
        form.save_block(actor=officer, call_id=call.pk, key="b7", version=9, block=Block("b7", "text", "x"))


def test_strangers_do_not_compose():
    call = call_draft()
    with pytest.raises(NotAllowed):
        form.add_block(actor=call.people.approver, call_id=call.pk, kind="text")
    with pytest.raises(NotAllowed):
        form.use_standard_form(actor=buyer_people(make_body()).officer, call_id=call.pk)
    assert keys(call) == []


def test_a_draft_of_late_december_says_which_year_is_missing(market_clock):
    market_clock.move_to(datetime(2026, 12, 20, 9, tzinfo=ZONE))
    call = call_draft()
    assert call.deadline is None
    assert draft.read_step(call, "timetable").fields["display_days"] == 15
