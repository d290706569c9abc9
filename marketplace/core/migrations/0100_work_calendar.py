"""Working calendars 2004–2026, read once from `chinesecalendar`; later years are entered by the operator."""

from django.db import migrations

from marketplace.core.workcalendar import seed


def forwards(apps, schema_editor):
    seed(apps.get_model("core", "WorkCalendarYear"), apps.get_model("core", "WorkCalendarDay"))


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
