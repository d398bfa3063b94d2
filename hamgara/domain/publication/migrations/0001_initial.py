"""The first tables: heads and the keys that sign them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "root",
                    models.BinaryField(
                        help_text="SHA-256 over the first `size` entries, RFC 6962; fixed before any file."
                    ),
                ),
                ("fixed_at", models.DateTimeField()),
                (
                    "note",
                    models.TextField(blank=True, help_text="The signed checkpoint; cosignatures are added to it."),
                ),
                ("published_at", models.DateTimeField(help_text="Empty while its files are being written.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("vkey", models.TextField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                (
                    "until",
                    models.DateTimeField(help_text="Since when it signs no more; empty while it does.", null=True),
                ),
            ],
        ),
    ]
