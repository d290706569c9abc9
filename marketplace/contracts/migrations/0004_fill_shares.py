"""Contracts of before: their number, and one share of one line."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    database = schema_editor.connection.alias
    contracts = apps.get_model("contracts", "Contract").objects.using(database)
    share = apps.get_model("contracts", "ContractShare")
    numbers = contracts.filter(pk=OuterRef("pk")).values("award__lot__tender__number")
    contracts.update(project_number=Subquery(numbers))
    contracts.filter(budget_line__fund__kind="lottery").update(is_lottery=True)
    share.objects.using(database).bulk_create(
        share(contract_id=pk, budget_line_id=line, amount=amount, position=1)
        for pk, line, amount in contracts.values_list("pk", "budget_line_id", "amount")
    )


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_grant_agreements")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
