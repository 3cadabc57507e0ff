"""Shares of a contract's line, which have no placement, add up to at most 100% too.

As in 0003 the trigger runs at commit and locks first what it counts: the placement, or without one the line.
"""

import importlib

from django.db import migrations

BEFORE = importlib.import_module("finance.migrations.0003_shares_at_most_100").CREATE.partition("CREATE CONSTRAINT")[0]

# One branch for each, so that each is found by its own index.
BRANCH = """
        SELECT day.start AS on_day, sum(share.percent) AS total INTO over
        FROM finance_fundingshare day
        JOIN finance_fundingshare share
            ON {same}
            AND share.start <= day.start
            AND (share."end" IS NULL OR share."end" >= day.start)
        WHERE {own}
        GROUP BY day.id, day.start
        HAVING sum(share.percent) > 100
        ORDER BY day.start
        LIMIT 1;
"""
OF_LINE = BRANCH.format(
    same="share.line_id = day.line_id AND share.placement_id IS NULL",
    own="day.line_id = NEW.line_id AND day.placement_id IS NULL",
)
OF_PLACEMENT = BRANCH.format(
    same="share.placement_id = day.placement_id AND share.line_id IS NOT DISTINCT FROM day.line_id",
    own="day.placement_id = NEW.placement_id AND day.line_id IS NOT DISTINCT FROM NEW.line_id",
)
REPLACE = f"""
CREATE OR REPLACE FUNCTION finance_check_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    over record;
BEGIN
    IF NEW.placement_id IS NULL THEN
        PERFORM 1 FROM finance_costline WHERE id = NEW.line_id FOR UPDATE;
        {OF_LINE}
    ELSE
        PERFORM 1 FROM people_placement WHERE id = NEW.placement_id FOR UPDATE;
        {OF_PLACEMENT}
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'Shares add up to % per cent on %', trim_scale(over.total), over.on_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_at_most_100';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0006_blocks_and_calendars")]

    operations = [
        migrations.RunSQL(REPLACE, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
