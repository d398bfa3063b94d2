"""Witnesses of the log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0002_heads_never_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vkey", models.TextField(unique=True)),
                ("name", models.TextField(help_text="The name of its key, such as «ngo.example/witness».")),
                (
                    "url",
                    models.TextField(blank=True, help_text="Where it is asked; empty for one that comes by itself."),
                ),
                ("registered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("seen_size", models.BigIntegerField(default=0, help_text="Of the last head that it cosigned.")),
                ("seen_at", models.DateTimeField(help_text="When it says that it saw that.", null=True)),
            ],
        ),
    ]
