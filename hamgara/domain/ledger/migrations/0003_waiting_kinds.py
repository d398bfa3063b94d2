"""What waits for its position says of which kind it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_entries_never_change")]

    operations = [
        migrations.AddField("pending", "kind", models.TextField(default=""), preserve_default=False),
        migrations.RunSQL(
            "UPDATE ledger_pending SET kind = ledger_entry.kind FROM ledger_entry WHERE id = entry_id",
            migrations.RunSQL.noop,
        ),
    ]
