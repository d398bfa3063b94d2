"""An index of who leads each body, for those that nobody leads."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("role", "head")),
                fields=["organisation", "until"],
                name="mandate_of_heads",
            ),
        ),
    ]
