"""A key of the log may be followed by another, and one that others had is not believed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0003_witnesses"),
    ]

    operations = [
        migrations.AddField(
            model_name="logkey",
            name="distrusted_since",
            field=models.DateTimeField(
                help_text="Since when others may have signed with it; empty for a key that was its owner's alone.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="logkey",
            name="until",
            field=models.DateTimeField(
                help_text="When it ends to sign; it may lie ahead. Empty for no end.", null=True
            ),
        ),
    ]
