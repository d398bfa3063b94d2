"""Comments that were hidden before the reason had a row of its own."""

from django.db import migrations


def take_along(apps, schema_editor):
    """Comments that the office hid before keep their reason, in its words."""
    office = apps.get_model("organisations", "Organisation").objects.filter(is_participation_office=True).first()
    for comment in apps.get_model("demands", "Comment").objects.exclude(hidden_at=None):
        comment.hiding = apps.get_model("demands", "Hiding").objects.create(
            reason="other", words=comment.hidden_reason, unit=office, at=comment.hidden_at
        )
        comment.save()


class Migration(migrations.Migration):
    # By itself: rows cannot be changed and their table altered in one transaction.
    dependencies = [("demands", "0004_hiding")]
    operations = [migrations.RunPython(take_along, migrations.RunPython.noop)]
