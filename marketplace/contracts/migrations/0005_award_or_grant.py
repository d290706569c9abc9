"""The money stands in the shares; a contract is of an award or of a grant, never of both or none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_fill_shares")]

    operations = [
        migrations.RemoveField(
            model_name='contract',
            name='budget_line',
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('award__isnull', False), ('grant__isnull', True)), models.Q(('award__isnull', True), ('grant__isnull', False)), _connector='OR'), name='contract_of_award_or_grant'),
        ),
    ]
