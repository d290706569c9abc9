"""Payments know their run of the month and, where they came late, why and with what interest (R-VENT-15, R-CON-09)."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models.functions import TruncDate


def fill_runs(apps: Any, schema_editor: Any) -> None:
    """Requests of before went with the day by which they had to be paid."""
    apps.get_model("contracts", "Disbursement").objects.update(run_on=TruncDate("pay_due"))


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="disbursement",
            name="run_on",
            field=models.DateField(
                null=True, help_text="The run it goes with: twice a month (R-VENT-15).", verbose_name="payment run"
            ),
        ),
        migrations.RunPython(fill_runs, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="disbursement",
            name="run_on",
            field=models.DateField(
                help_text="The run it goes with: twice a month (R-VENT-15).", verbose_name="payment run"
            ),
        ),
        migrations.AddField(
            model_name="disbursement",
            name="late_reason",
            field=models.CharField(
                blank=True, default="", max_length=400, help_text="R-CON-09", verbose_name="reason of the delay"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="disbursement",
            name="late_interest",
            field=models.DecimalField(
                decimal_places=2,
                default=0,
                help_text="R-CON-09: 0.05 % a day.",
                max_digits=14,
                verbose_name="interest of the delay",
            ),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(fields=["-run_on"], name="disbursement_run"),
        ),
    ]
