"""The first tables."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hamgara.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("channel", models.CharField(choices=[("sms", "SMS"), ("mail", "e-mail")], max_length=4)),
                ("address", models.CharField(max_length=254)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=hamgara.clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "made_at"], name="channels_me_state_851276_idx"),
                    models.Index(fields=["-made_at"], name="channels_me_made_at_334c94_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=hamgara.clock.now)),
                ("read_at", models.DateTimeField(null=True)),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.entry")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="channels_no_person__c28259_idx")],
                "constraints": [models.UniqueConstraint(fields=("person", "entry"), name="one_notice_an_entry")],
            },
        ),
    ]
