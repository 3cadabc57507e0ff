"""What the database itself does for the audit: who wrote, the digests of rows, and the only way to remove any.

`_pgh_attach_context` replaces django-pghistory's function of that name. Theirs amends a context that is there already;
this one only ever adds, so that the application's role needs no right to change contexts, and sealed ones stay as they
were. What is written past the application is put down to the database role that wrote it, so nobody is nobody.
"""

from django.db import migrations

ATTACH_CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE AS $$
DECLARE
    said_id text := NULLIF(current_setting('pghistory.context_id', true), '');
    said jsonb := NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb;
    kept uuid;
BEGIN
    IF said_id IS NULL OR said IS NULL THEN
        said := jsonb_build_object(
            'name', 'Database role ' || session_user,
            'reason', 'Written outside the application'
        );
        said_id := session_user || ' ' || pg_backend_pid() || ' ' || now();
    END IF;
    kept := md5(said_id || ' ' || said::text)::uuid;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
        VALUES (kept, said, now(), now()) ON CONFLICT DO NOTHING;
    RETURN kept;
END;
$$ LANGUAGE plpgsql;
"""

# The canonical form of a row: its columns as JSON, with who, when and why where it is a change, hashed with its
# table's name. Settings that change how a value is written are fixed. Changing this breaks every seal made before.
DIGESTS = """
CREATE OR REPLACE FUNCTION audit_digests(of_table text, of_columns text[], after_id bigint, upto_id bigint)
RETURNS TABLE (row_id bigint, digest bytea) LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
SET bytea_output = 'hex' SET extra_float_digits = 1
AS $$
DECLARE
    key text;
    wanted text;
    context text := '';
    context_join text := '';
BEGIN
    SELECT a.attname INTO STRICT key FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = format('%I', of_table)::regclass AND i.indisprimary;
    SELECT string_agg(format('t.%I', c), ', ' ORDER BY c) INTO STRICT wanted FROM unnest(of_columns) c;
    IF 'pgh_context_id' = ANY (of_columns) THEN
        context := ', c.metadata AS " context", c.created_at AS " context at"';
        context_join := ' LEFT JOIN pghistory_context c ON c.id = t.pgh_context_id';
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT t.%1$I::bigint, sha256(convert_to(%2$L || '' '' ||'
        ' (SELECT to_jsonb(x) FROM (SELECT %3$s%4$s) x)::text, ''UTF8''))'
        ' FROM %2$I t%5$s WHERE t.%1$I > $1 AND t.%1$I <= $2 ORDER BY t.%1$I',
        key, of_table, wanted, context, context_join
    ) USING after_id, upto_id;
END;
$$;
"""

# The application's role may not delete audit rows. It may call this, which never does so without keeping an Erasure and
# which rows went. It reaches histories, reads and refusals; never the seals, nor earlier erasures.
ERASE = """
CREATE OR REPLACE FUNCTION audit_erase(by_whom text, approved text, why text, of_rows jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
AS $$
DECLARE
    erasure bigint;
    of_table text;
    wanted jsonb;
    key text;
    gone bigint[];
BEGIN
    INSERT INTO audit_erasure (at, by, approved_by, reason)
        VALUES (clock_timestamp(), by_whom, approved, why) RETURNING id INTO erasure;
    FOR of_table, wanted IN SELECT * FROM jsonb_each(of_rows) LOOP
        key := CASE WHEN of_table IN ('audit_recordread', 'audit_refusal') THEN 'id' ELSE 'pgh_id' END;
        IF NOT EXISTS (
            SELECT FROM pg_attribute
            WHERE attrelid = to_regclass(format('%I', of_table)) AND attname = key AND NOT attisdropped
        ) THEN
            RAISE EXCEPTION '% holds no audit rows that may be erased.', of_table;
        END IF;
        EXECUTE format(
            'WITH gone AS (DELETE FROM %1$I WHERE %2$I IN (SELECT e::bigint FROM jsonb_array_elements_text($1) e)'
            ' RETURNING %2$I) SELECT coalesce(array_agg(%2$I::bigint ORDER BY %2$I), ''{{}}'') FROM gone',
            of_table, key
        ) INTO gone USING wanted;
        INSERT INTO audit_erasedrows (erasure_id, "table", row_ids) VALUES (erasure, of_table, gone);
    END LOOP;
    RETURN erasure;
END;
$$;
"""


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        cursor.execute(ATTACH_CONTEXT)
        cursor.execute(DIGESTS)
        cursor.execute(ERASE.format(schema=schema))


def remove(apps, schema_editor):
    from pghistory.models import Context

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION audit_erase(text, text, text, jsonb)")
        cursor.execute("DROP FUNCTION audit_digests(text, text[], bigint, bigint)")
    Context.install_pgh_attach_context_func(using=schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_seals"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunPython(install, remove)]
