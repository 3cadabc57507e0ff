"""Shares of a placement, or of one line, add up to at most 100% on every day, whoever writes them.

The trigger runs at commit, so that a change may pass through a moment above 100%, and locks the placement first, so that
two people who each add a share at the same time cannot both slip through.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION finance_check_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    over record;
BEGIN
    PERFORM 1 FROM people_placement WHERE id = NEW.placement_id FOR UPDATE;
    SELECT day.start AS on_day, sum(share.percent) AS total INTO over
    FROM finance_fundingshare day
    JOIN finance_fundingshare share
        ON share.placement_id = day.placement_id
        AND share.line_id IS NOT DISTINCT FROM day.line_id
        AND share.start <= day.start
        AND (share."end" IS NULL OR share."end" >= day.start)
    WHERE day.placement_id = NEW.placement_id AND day.line_id IS NOT DISTINCT FROM NEW.line_id
    GROUP BY day.id, day.start
    HAVING sum(share.percent) > 100
    ORDER BY day.start
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Shares add up to % per cent on %', trim_scale(over.total), over.on_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_at_most_100';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER shares_at_most_100
    AFTER INSERT OR UPDATE ON finance_fundingshare
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION finance_check_shares();
"""

DROP = """
DROP TRIGGER shares_at_most_100 ON finance_fundingshare;
DROP FUNCTION finance_check_shares();
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0002_initial"), ("people", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
