"""How a body works, whom it reached out to and who inherits are written once."""

from django.db import migrations

from endeavour.core.constraints import append_only


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_working_together")]
    operations = [
        operation
        for table in ("workingdocument", "outreach", "heir")
        for operation in append_only(f"governance_{table}")
    ]
