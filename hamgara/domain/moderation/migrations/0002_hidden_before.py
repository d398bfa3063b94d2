"""Cases of the comments that were hidden before there were cases."""

from django.db import migrations


def take_along(apps, schema_editor):
    """Comments that the office hid before can be restored and appealed against like all others."""
    Case, Ruling = apps.get_model("moderation", "Case"), apps.get_model("moderation", "Ruling")
    for comment in apps.get_model("demands", "Comment").objects.exclude(hiding=None).select_related("hiding"):
        case = Case.objects.create(
            code=f"comment.{comment.key}", kind="comment", demand_id=comment.demand_id, comment=comment, state="hidden"
        )
        hiding = comment.hiding
        Ruling.objects.create(
            case=case, verb="hide", reason=hiding.reason, words=hiding.words, unit_id=hiding.unit_id, at=hiding.at
        )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("demands", "0006_one_way_to_hide")]
    operations = [migrations.RunPython(take_along, migrations.RunPython.noop)]
