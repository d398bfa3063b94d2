"""The database itself refuses a second root for a size, a head that is not the largest, and the end of a head."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION publication_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.size > coalesce((SELECT max(size) FROM publication_head), 0) THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.fixed_at = OLD.fixed_at
            AND (OLD.published_at IS NULL OR NEW.published_at = OLD.published_at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the log only grows: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER publication_head_stands BEFORE INSERT OR UPDATE OR DELETE ON publication_head
    FOR EACH ROW EXECUTE FUNCTION publication_refuse();
"""
ALLOW = """
DROP TRIGGER publication_head_stands ON publication_head;
DROP FUNCTION publication_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("publication", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
