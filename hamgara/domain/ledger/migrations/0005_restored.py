"""An act may have been put back from the published log; then nothing follows from it by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_fewer_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="restored_at",
            field=models.DateTimeField(
                help_text="When it was put back from the published log, where the database had lost it.", null=True
            ),
        ),
    ]
