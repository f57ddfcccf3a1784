"""What was recorded of resources stays."""

from django.db import migrations

from endeavour.core.constraints import append_only


class Migration(migrations.Migration):
    dependencies = [("strategy", "0003_resource")]
    operations = append_only("strategy_resource")
