"""An index of words on PostgreSQL; SQLite searches its own full-text file."""

from django.db import migrations


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "create index frontdoor_words on frontdoor_service using gin (to_tsvector('english', search_text))"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("drop index if exists frontdoor_words")


class Migration(migrations.Migration):
    dependencies = [("frontdoor", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
