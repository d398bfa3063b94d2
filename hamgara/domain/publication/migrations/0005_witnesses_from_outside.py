"""Witnesses of the city and from outside of it are counted apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0004_keys_that_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="witness",
            name="outside",
            field=models.BooleanField(default=False, help_text="Not of this city, so that nobody here can press it."),
        ),
    ]
