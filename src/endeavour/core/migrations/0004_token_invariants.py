"""A token's person, secret, scope and days never change; it can be ended once."""

from django.db import migrations

from endeavour.core.constraints import immutable, refuse_once_written


class Migration(migrations.Migration):
    dependencies = [("core", "0003_apitoken")]
    operations = [
        immutable("core_apitoken", "person_id", "key", "digest", "scopes", "issued_at", "expires_at"),
        refuse_once_written("core_apitoken", "revoked_at"),
    ]
