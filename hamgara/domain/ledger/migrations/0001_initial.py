"""The first tables."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("follower", models.TextField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=-1)),
                ("moved_at", models.DateTimeField(null=True)),
                (
                    "trouble",
                    models.TextField(blank=True, help_text="The error that holds it, without data of the entry."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("subjects", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "canonical",
                    models.BinaryField(help_text="RFC 8785 bytes; the entry is these bytes and nothing else."),
                ),
                ("once", models.UUIDField(null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("part", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.TextField()),
                ("salt", models.BinaryField()),
                ("value", models.JSONField()),
                (
                    "person_key",
                    models.TextField(blank=True, db_index=True, help_text="Whose erasure darkens this field."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="ledger.entry",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["subjects"], name="ledger_entry_subjects"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["at"], name="ledger_entr_at_41cf6b_idx"),
        ),
        migrations.AddField(
            model_name="opening",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="ledger.entry"
            ),
        ),
        migrations.AddField(
            model_name="position",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="ledger.entry"),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(fields=("entry", "field"), name="ledger_opening_once"),
        ),
    ]
