"""The table in which all web processes count attempts to sign in, and keep which one-time codes were used."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            # As Django's cache in the database expects it. What it holds lives for minutes: a crash may empty it.
            """
            CREATE UNLOGGED TABLE people_shared_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX people_shared_cache_expires ON people_shared_cache (expires);
            """,
            "DROP TABLE people_shared_cache",
        ),
    ]
