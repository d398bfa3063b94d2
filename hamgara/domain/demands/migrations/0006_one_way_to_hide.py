"""What is hidden points to its row; the two columns that comments alone had are gone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("demands", "0005_hidden_before")]
    operations = [
        migrations.RemoveField(model_name="comment", name="hidden_at"),
        migrations.RemoveField(model_name="comment", name="hidden_reason"),
    ]
