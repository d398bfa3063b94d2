"""The first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hamgara.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commitments", "0002_hidden_evidence"),
        ("demands", "0004_hiding"),
        ("organisations", "0001_initial"),
        ("oversight", "0003_hidden_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comment", "comment"),
                            ("comment-name", "name beside a comment"),
                            ("demand-name", "name beside a demand"),
                            ("demand-file", "photo or paper with a demand"),
                            ("evidence", "photo or paper with a report of work"),
                            ("finding", "photo or paper with a verdict"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quiet", "not reported"),
                            ("waiting", "reported, awaiting a decision"),
                            ("left", "looked at, left as it is"),
                            ("hidden", "hidden"),
                            ("appealed", "hidden, under appeal"),
                            ("final", "hidden, the appeal was dismissed"),
                            ("restored", "shown again"),
                        ],
                        default="quiet",
                        max_length=16,
                    ),
                ),
                ("reports", models.PositiveIntegerField(default=0, help_text="Those that await a decision.")),
                ("since", models.DateTimeField(help_text="Since when it awaits a decision.", null=True)),
                ("appeal_words", models.TextField(blank=True, verbose_name="why it should be looked at again")),
                (
                    "attachment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="demands.attachment",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="demands.comment",
                    ),
                ),
                (
                    "demand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cases", to="demands.demand"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="commitments.evidencefile",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="oversight.verdictfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=32)),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=hamgara.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="given", to="moderation.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("hide", "hidden"),
                            ("leave", "left as it is"),
                            ("restore", "shown again"),
                            ("grant_appeal", "shown again after an appeal"),
                            ("dismiss_appeal", "still hidden after an appeal"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("words", models.TextField(blank=True)),
                (
                    "since",
                    models.DateTimeField(
                        help_text="Since when it was awaited; empty where nobody had asked.", null=True
                    ),
                ),
                ("at", models.DateTimeField(default=hamgara.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rulings", to="moderation.case"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("since__isnull", False)), fields=["-reports", "since"], name="case_queue"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("since__isnull", False), ("state__in", ["waiting", "appealed"])),
                    models.Q(
                        models.Q(("state__in", ["waiting", "appealed"]), _negated=True), ("reports", 0), ("since", None)
                    ),
                    _connector="OR",
                ),
                name="a_case_waits_since_some_time",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["person", "at"], name="report_person"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["at"], name="report_at"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("case", "person"), name="one_report_a_person_and_thing"),
        ),
        migrations.AddIndex(
            model_name="ruling",
            index=models.Index(fields=["at"], name="ruling_at"),
        ),
    ]
