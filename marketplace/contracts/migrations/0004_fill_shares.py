"""Contracts of before: their number, and one share of one line."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    contracts, shares = apps.get_model("contracts", "Contract"), apps.get_model("contracts", "ContractShare")
    numbers = contracts.objects.filter(pk=OuterRef("pk")).values("award__lot__tender__number")
    contracts.objects.update(project_number=Subquery(numbers))
    contracts.objects.filter(budget_line__fund__kind="lottery").update(is_lottery=True)
    shares.objects.bulk_create(
        shares(contract_id=pk, budget_line_id=line, amount=amount, position=1)
        for pk, line, amount in contracts.objects.values_list("pk", "budget_line_id", "amount")
    )


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_grant_agreements")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
