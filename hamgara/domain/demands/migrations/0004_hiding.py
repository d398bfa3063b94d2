"""Why something is hidden stands in one row beside it, for comments, files and names alike."""

import django.db.models.deletion
from django.db import migrations, models

import hamgara.clock


class Migration(migrations.Migration):
    dependencies = [
        ("demands", "0003_clocks_and_answers"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hiding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=32)),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=hamgara.clock.now)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="attachment",
            name="hiding",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="demands.hiding"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="hiding",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="demands.hiding"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="name_hiding",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="demands.hiding"
            ),
        ),
        migrations.AddField(
            model_name="demand",
            name="name_hiding",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="demands.hiding"
            ),
        ),
    ]
