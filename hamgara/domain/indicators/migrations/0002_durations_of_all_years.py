"""What took how long in whatever year stands beside each year's: most readers ask for no year."""

from django.db import migrations, models

TOGETHER = """
    INSERT INTO indicators_duration (scope, key, year, wait, days, count)
    SELECT scope, key, 0, wait, days, sum(count) FROM indicators_duration WHERE year <> 0 GROUP BY 1, 2, 4, 5
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_scorecards")]

    operations = [
        migrations.AlterField(
            model_name="duration",
            name="year",
            field=models.PositiveIntegerField(help_text="In which it was asked or promised; 0: in whatever year."),
        ),
        migrations.RunSQL(TOGETHER, "DELETE FROM indicators_duration WHERE year = 0"),
    ]
