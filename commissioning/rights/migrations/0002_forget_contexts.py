"""Who made a change, and on which page, stands beside the history; the page's address names whose record it was.

The application's role may not take such a row away. It may call this, which takes only rows that no history points at any
more, as after an erasure, so that nothing sealed is touched.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION rights_forget_contexts(which uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    of_table regclass;
    found bigint;
BEGIN
    FOR of_table IN
        SELECT c.oid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE a.attname = 'pgh_context_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
           AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'pghistory_context'::regclass)
    LOOP
        EXECUTE format(
            'SELECT coalesce(array_agg(each), ''{{}}'') FROM unnest($1) AS each'
            ' WHERE NOT EXISTS (SELECT FROM %s WHERE pgh_context_id = each)',
            of_table
        ) INTO which USING which;
    END LOOP;
    DELETE FROM pghistory_context WHERE id = ANY(which);
    GET DIAGNOSTICS found = ROW_COUNT;
    RETURN found;
END;
$$;
"""


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        cursor.execute(FUNCTION.format(schema=cursor.fetchone()[0]))


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
