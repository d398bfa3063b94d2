"""The first tables."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import hamgara.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Capability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="name in English")),
                ("name_sort", models.TextField(editable=False)),
                ("name_key", models.TextField(editable=False)),
                ("code", models.SlugField(unique=True)),
                ("unit", models.CharField(max_length=40)),
                ("unit_en", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["name_sort"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="name in English")),
                ("name_sort", models.TextField(editable=False)),
                ("name_key", models.TextField(editable=False)),
                ("code", models.SlugField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ngo", "NGO"),
                            ("charity", "charity"),
                            ("peoples_institution", "people's institution"),
                            ("community_group", "community group"),
                            ("municipal_unit", "municipal unit"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "waiting for accreditation"),
                            ("accredited", "accredited"),
                            ("refused", "not accredited"),
                            ("expired", "accreditation expired"),
                            ("withdrawn", "accreditation withdrawn"),
                            ("closed", "closed"),
                            ("merged", "merged into another"),
                        ],
                        default="applied",
                        max_length=16,
                    ),
                ),
                ("path", models.TextField(editable=False, unique=True)),
                ("is_participation_office", models.BooleanField(default=False)),
                ("about", models.TextField(blank=True, verbose_name="about")),
                ("about_en", models.TextField(blank=True, verbose_name="about, in English")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("public_phone", models.CharField(blank=True, max_length=20, verbose_name="public telephone")),
                (
                    "registration_number",
                    models.CharField(blank=True, max_length=40, verbose_name="registration number"),
                ),
                ("authority", models.CharField(blank=True, max_length=120, verbose_name="issuing authority")),
                ("accredited_until", models.DateField(null=True, verbose_name="accredited until")),
                ("state_reason", models.TextField(blank=True)),
                ("since", models.DateTimeField(default=hamgara.clock.now)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name_sort"],
            },
        ),
        migrations.CreateModel(
            name="AccreditationDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("file", models.FileField(upload_to="accreditation/%Y/")),
                ("added_at", models.DateTimeField(default=hamgara.clock.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="organisations.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="name in English")),
                ("name_sort", models.TextField(editable=False)),
                ("name_key", models.TextField(editable=False)),
                ("code", models.SlugField(unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("city", "city"),
                            ("district", "district"),
                            ("subdistrict", "sub-district"),
                            ("neighbourhood", "neighbourhood"),
                        ],
                        max_length=16,
                    ),
                ),
                ("path", models.TextField(editable=False, unique=True)),
                ("latitude", models.FloatField(null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(null=True, verbose_name="longitude")),
                (
                    "outline",
                    models.JSONField(
                        help_text="A GeoJSON polygon; optional.", null=True, verbose_name="outline (GeoJSON)"
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="source")),
                (
                    "within",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="organisations.place",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="organisation",
            name="seat",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisations",
                to="organisations.place",
            ),
        ),
        migrations.CreateModel(
            name="Gathering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.JSONField()),
                ("city", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="organisations.place")),
            ],
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="organisations.capability",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "capability"), name="one_offer_a_capability"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="offer_of_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("head", "head"),
                            ("representative", "representative"),
                            ("officer", "officer"),
                            ("reviewer", "reviewer"),
                        ],
                        max_length=16,
                        verbose_name="role",
                    ),
                ),
                ("since", models.DateTimeField(default=hamgara.clock.now)),
                ("until", models.DateField(verbose_name="until")),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True)),
                ("warned_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mandates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "until"], name="organisatio_person__ef2e47_idx"),
                    models.Index(fields=["organisation", "until"], name="organisatio_organis_5cde1d_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "organisation", "role"),
                        name="one_live_mandate_a_role",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["path"], name="place_path_prefix", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "city"), ("within", None)),
                    models.Q(models.Q(("level", "city"), _negated=True), ("within__isnull", False)),
                    _connector="OR",
                ),
                name="only_a_city_stands_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="place_point_on_earth",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["kind", "state", "name_sort"], name="organisatio_kind_c711cf_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["path"], name="organisation_path_prefix", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["name_key"], name="organisation_name_trigrams", opclasses=["gist_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_participation_office", True)),
                fields=("is_participation_office",),
                name="one_participation_office",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["closed", "merged", "refused"]), _negated=True),
                fields=("name_key",),
                name="one_live_body_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", models.F("id")), _negated=True), name="nobody_succeeds_itself"
            ),
        ),
    ]
