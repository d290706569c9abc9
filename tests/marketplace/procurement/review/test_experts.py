"""The register: tables in XLSX and CSV, errors with sheet, row, column and rule, nothing half; absences."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from marketplace.accounts.models import Membership, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.services.invitations import first_roles
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.procurement.events import ExpertsImported
from marketplace.procurement.models import Expert, ExpertAbsence
from marketplace.procurement.rules.expert_table import COLUMNS, Line, Register, check_table
from marketplace.procurement.services.experts import (
    add_absence,
    current_register,
    import_experts,
    remove_absence,
    set_availability,
)
from marketplace.procurement.tables import read_table
from tests.factories.accounts import make_body, make_person
from tests.factories.review import make_expert

from .conftest import announced

HEAD = list(COLUMNS)
GOOD = ["E0101", "周晓", "zhou@example.org", "021-1", "华亭大学", "教授", "A01 C05", "310000"]


def checked(*rows: list[str], head: list[str] | None = None, register: Register | None = None) -> Any:
    lines = [Line("专家", number, cells) for number, cells in enumerate([head or HEAD, *rows], start=1)]
    return check_table(lines, register or Register({}))


def changed(column: str, value: str, base: list[str] | None = None) -> list[str]:
    row = list(base or GOOD)
    row[HEAD.index(column)] = value
    return row


def test_a_good_row() -> None:
    table = checked(GOOD)
    assert table.errors == ()
    assert table.rows[0].fields == "A01 C05"


def test_columns_in_any_order_and_empty_lines() -> None:
    table = checked([], GOOD[::-1], head=HEAD[::-1])
    assert table.errors == ()
    assert table.rows[0].number == "E0101"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("编号", ""),
        ("姓名", ""),
        ("电子邮箱", "zhou.example.org"),
        ("工作单位", "长" * 121),
        ("地区代码", "31000"),
        ("专业领域", "养老服务"),
    ],
)
def test_an_error_names_sheet_row_column_and_rule(column: str, value: str) -> None:
    table = checked(GOOD, changed(column, value, changed("编号", "E0102", changed("电子邮箱", "b@example.org"))))
    assert [(error.sheet, error.row, error.column) for error in table.errors] == [("专家", 3, column)]
    assert table.errors[0].rule
    assert table.rows == ()


def test_a_phone_may_be_missing() -> None:
    assert checked(changed("电话", "")).errors == ()


def test_missing_columns_are_named() -> None:
    table = checked(GOOD[1:], head=HEAD[1:])
    assert [error.column for error in table.errors][0] == "编号"


def test_the_same_number_twice() -> None:
    table = checked(GOOD, changed("电子邮箱", "b@example.org"))
    assert [(error.row, error.column) for error in table.errors] == [(3, "编号")]


def test_a_number_stays_with_its_person() -> None:
    table = checked(GOOD, register=Register({"E0101": "other@example.org"}))
    assert [error.column for error in table.errors] == ["编号"]
    table = checked(GOOD, register=Register({"E0999": "zhou@example.org"}))
    assert [error.column for error in table.errors] == ["电子邮箱"]


def test_an_empty_table_is_an_error() -> None:
    assert len(checked().errors) == 1


def xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    book.active.title = "名册"
    for row in [HEAD, *rows]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_xlsx_with_numbers_in_cells() -> None:
    lines = read_table("x.xlsx", xlsx([*GOOD[:7], 310000]))
    assert lines[1] == Line("名册", 2, GOOD)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_in_the_codes_of_spreadsheets(encoding: str) -> None:
    text = "\r\n".join([",".join(HEAD), ",".join(GOOD)])
    assert read_table("名册.csv", text.encode(encoding))[1].cells == GOOD


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 nonsense", b"\x00\x01\x02", b"\xff\xfe\x00", b"x" * (5 * 1024 * 1024 + 1)],
    ids=["broken zip", "binary", "other code", "too large"],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(MarketplaceError) as refusal:
        read_table("x.xlsx", content)
    assert refusal.value.field == "file"


def test_a_zip_bomb_is_not_unpacked() -> None:
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/workbook.xml", b"0" * (30 * 1024 * 1024))
    with pytest.raises(MarketplaceError):
        read_table("x.xlsx", file.getvalue())


@pytest.fixture
def operator(db: None) -> Any:
    return make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)


@pytest.fixture
def register(db: None) -> Any:
    return make_body(BodyKind.EXPERT_REGISTER)


def test_the_import_makes_people_with_their_role(operator: Any, register: Any) -> None:
    rows = checked(GOOD, changed("编号", "E0102", changed("电子邮箱", "b@example.org"))).rows
    with announced(ExpertsImported) as news:
        result = import_experts(actor=operator, rows=rows, register_id=register.pk)
    assert (result.created, result.updated) == (2, 0)
    expert = Expert.objects.get(number="E0101")
    assert (expert.user.name, expert.user.email, expert.employer) == ("周晓", "zhou@example.org", "华亭大学")
    assert not expert.user.has_usable_password()
    assert Membership.objects.get(user=expert.user).roles == ["expert"]
    assert len(news[0].expert_ids) == 2


def test_a_second_import_updates(operator: Any, register: Any) -> None:
    import_experts(actor=operator, rows=checked(GOOD).rows, register_id=register.pk)
    rows = checked(changed("工作单位", "新单位"), register=current_register()).rows
    result = import_experts(actor=operator, rows=rows, register_id=register.pk)
    assert (result.created, result.updated) == (0, 1)
    assert Expert.objects.get().employer == "新单位"
    assert User.objects.filter(email="zhou@example.org").count() == 1


def test_only_the_operator_imports(register: Any) -> None:
    with pytest.raises(NotAllowed):
        import_experts(actor=make_person(make_body(), Role.OFFICER), rows=checked(GOOD).rows, register_id=register.pk)
    assert not Expert.objects.exists()


def test_experts_belong_to_a_register(operator: Any) -> None:
    with pytest.raises(Refused):
        import_experts(actor=operator, rows=checked(GOOD).rows, register_id=make_body().pk)


def test_the_page_shows_every_error_and_imports_nothing(operator: Any, register: Any, client_for: Any) -> None:
    client = client_for(operator)
    address = reverse("procurement:expert-import")
    assert client.get(address).status_code == 200
    bad = xlsx(
        GOOD, changed("编号", "E0102"), changed("地区代码", "x", changed("编号", "E3", changed("电子邮箱", "c@d.e")))
    )
    file = SimpleUploadedFile("名册.xlsx", bad)
    response = client.post(address, {"register": register.pk, "file": file})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count('<th scope="row">名册</th>') == 2
    assert not Expert.objects.exists()
    good = SimpleUploadedFile("名册.xlsx", xlsx(GOOD))
    assert client.post(address, {"register": register.pk, "file": good}).status_code == 302
    assert Expert.objects.count() == 1
    listed = client.get(reverse("procurement:expert-list"), {"q": "周"}).content.decode()
    assert "E0101" in listed
    assert "E0101" in b"".join(client.get(reverse("procurement:expert-export")).streaming_content).decode()
    assert "编号" in b"".join(client.get(reverse("procurement:expert-template")).streaming_content).decode()


def test_a_file_that_is_no_table_comes_back_on_the_form(operator: Any, register: Any, client_for: Any) -> None:
    file = SimpleUploadedFile("名册.xlsx", b"PK\x03\x04 nonsense")
    response = client_for(operator).post(reverse("procurement:expert-import"), {"register": register.pk, "file": file})
    assert response.status_code == 422
    assert "XLSX" in response.content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_the_register_is_not_the_buyers(role: Role, db: None, client_for: Any) -> None:
    client = client_for(make_person(make_body(), role))
    for name in ("expert-list", "expert-import", "expert-export", "expert-template"):
        assert client.get(reverse(f"procurement:{name}")).status_code == 403
    assert client.get(reverse("procurement:expert-own")).status_code == 404


def own(expert: Expert) -> Any:
    from tests.factories.review import actor_for

    membership = Membership.objects.select_related("body").get(user=expert.user)
    return actor_for(expert.user, membership)


def test_absences_are_ones_own(db: None, client_for: Any) -> None:
    expert, other = make_expert(), make_expert()
    actor = own(expert)
    with pytest.raises(NotAllowed):
        add_absence(actor=own(other), expert_id=expert.pk, from_date=clock.today(), to_date=clock.today())
    with pytest.raises(Refused):
        add_absence(actor=actor, expert_id=expert.pk, from_date=clock.today(), to_date=date(2026, 6, 1))
    with pytest.raises(Refused):
        add_absence(actor=actor, expert_id=expert.pk, from_date=date(2026, 5, 1), to_date=date(2026, 5, 2))
    client = client_for(actor)
    address = reverse("procurement:expert-own")
    response = client.post(address, {"from_date": clock.today(), "to_date": clock.today() + timedelta(days=3)})
    assert response.status_code == 302
    absence = ExpertAbsence.objects.get(expert=expert)
    assert str(absence.to_date.day) in client.get(address).content.decode()
    with pytest.raises(NotAllowed):
        remove_absence(actor=own(other), absence_id=absence.pk)
    client.post(reverse("procurement:absence-remove", args=[absence.pk]))
    assert not ExpertAbsence.objects.exists()


def test_availability_by_the_expert_or_the_operator(operator: Any, client_for: Any) -> None:
    expert = make_expert()
    set_availability(actor=own(expert), expert_id=expert.pk, is_available=False)
    expert.refresh_from_db()
    assert not expert.is_available
    client_for(operator).post(reverse("procurement:expert-availability", args=[expert.pk]), {"available": "1"})
    expert.refresh_from_db()
    assert expert.is_available
    with pytest.raises(NotFound):
        set_availability(actor=make_person(make_body(), Role.OFFICER), expert_id=expert.pk, is_available=False)


@pytest.mark.django_db
def test_the_registers_own_administrator_keeps_it_and_no_other_register(client_for: Any) -> None:
    own, other = (make_body(BodyKind.EXPERT_REGISTER) for _ in range(2))
    assert first_roles(BodyKind.EXPERT_REGISTER) == (Role.ORG_ADMIN,)
    keeper = make_person(own, Role.ORG_ADMIN)
    table = check_table([Line("专家", 1, HEAD), Line("专家", 2, GOOD)], Register({}))
    with pytest.raises(Refused) as caught:
        import_experts(actor=keeper, rows=table.rows, register_id=other.pk)
    assert caught.value.field == "register"
    assert not Expert.objects.exists()
    assert import_experts(actor=keeper, rows=table.rows, register_id=own.pk).created == 1
    assert client_for(keeper).get(reverse("procurement:expert-list")).status_code == 200
