"""Indexes that a longer one begins with cost a write each and answer nothing that it does not."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_waiting_kinds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="opening",
            name="entry",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="ledger.entry"
            ),
        ),
        migrations.AlterField(
            model_name="opening",
            name="person_key",
            field=models.TextField(blank=True, help_text="Whose erasure darkens this field."),
        ),
        migrations.AddIndex(
            model_name="opening",
            index=models.Index(fields=["person_key"], name="ledger_opening_person"),
        ),
    ]
