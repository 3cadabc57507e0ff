"""The second wall: which rows of personal data and prices PostgreSQL shows to a scope (`scope.py`).

Each app says in its `walls.py` who may see the rows of its tables; every model is either walled or exempt with a
reason, and its history is walled as the model is. `sync` writes the policies, and what the application's role may do
at all, into the database after each migration.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from django.utils.module_loading import autodiscover_modules

from commissioning.accounts.models import (
    AccountAct,
    Invitation,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Remembered,
    User,
)
from commissioning.audit.models import ErasedRows, Erasure, RecordRead, Refusal, Seal, SealedTable
from commissioning.core.database import APPLICATION_ROLE
from commissioning.core.models import Job

Model = type[models.Model]

# --- What a policy can ask of the scope; each is read once a statement, not once a row -------------------------------

PARTNERSHIP = "(SELECT as_one('partnership')::bigint)"
ORGANISATION = "(SELECT as_one('organisation')::bigint)"
USER = "(SELECT as_one('user')::bigint)"
MEMBERSHIP = "(SELECT as_one('membership')::bigint)"
EVERYWHERE = "(SELECT as_one('sees') = 'everywhere')"
EVERYONE = "(SELECT as_one('sees') IN ('everywhere', 'everyone'))"
A_PROVIDER = "(SELECT as_one('sees') = 'provider')"
A_CLINICIAN = "(SELECT as_one('sees') = 'clinician')"
A_BOARD_MEMBER = "(SELECT as_one('sees') = 'board')"
ALL_PRICES = "(SELECT as_one('prices') = 'all')"
OWN_PRICES = "(SELECT as_one('prices') = 'own')"
WORKING = "(SELECT as_one('working') = 'yes')"
# People whose record is open to a provider or clinician today, and those a provider has ever been open to.
PEOPLE_NOW = "ANY ((SELECT as_one_people(false))::bigint[])"
PEOPLE_EVER = "ANY ((SELECT as_one_people(true))::bigint[])"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION as_one(part text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE setting text := current_setting('as_one.scope', true);
BEGIN
  IF setting IS NULL OR setting = '' THEN
    RAISE EXCEPTION 'personal data or prices were asked for without a scope'
      USING ERRCODE = 'insufficient_privilege', HINT = 'Enter a scope first: accounts.scope.acting.';
  END IF;
  RETURN substring(setting FROM '(?:^|,)' || part || '=([^,]*)');
END $$;
CREATE OR REPLACE FUNCTION as_one_people(ever boolean) RETURNS bigint[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  before text := current_setting('as_one.scope', true);
  ours bigint := as_one('partnership')::bigint;
  day date := as_one('today')::date;
  sees text := as_one('sees');
  theirs bigint := as_one('organisation')::bigint;
  clinician bigint := as_one('user')::bigint;
  found bigint[];
BEGIN
  PERFORM set_config('as_one.scope', 'sees=everywhere', true);
  IF sees = 'provider' THEN
    SELECT array_agg(DISTINCT p.person_id) INTO found FROM people_placement p
     WHERE p.provider_id = theirs AND p.partnership_id = ours AND (p.start <= day OR p.shared_on <= day)
       AND (ever OR p."end" IS NULL OR p."end" >= day);
  ELSIF sees = 'clinician' THEN
    SELECT array_agg(DISTINCT i.person_id) INTO found
      FROM people_clinicalinvolvement i JOIN people_person p ON p.id = i.person_id
     WHERE i.user_id = clinician AND p.partnership_id = ours
       AND i.start <= day AND (i."end" IS NULL OR i."end" >= day);
  END IF;
  PERFORM set_config('as_one.scope', before, true);
  RETURN coalesce(found, ARRAY[]::bigint[]);
END $$;
CREATE OR REPLACE FUNCTION as_one_take_stock(tables text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('ANALYZE public.%I', name);
  END LOOP;
END $$;
"""


# --- What apps say ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wall:
    """Who sees a model's rows, as SQL over the columns of its table. `{table}` stands for the table or its history."""

    model: Model
    rows: str


_walls: dict[Model, Wall] = {}
_exempt: dict[Model, str] = {}

# Rows that are only ever added: the application's role may not change or remove them.
APPEND_ONLY = (
    "audit_erasure",
    "audit_erasedrows",
    "audit_recordread",
    "audit_refusal",
    "audit_seal",
    "audit_sealedtable",
    "pghistory_context",
)


def wall(model: Model, rows: str) -> None:
    """Rows of this model are shown where the SQL condition holds, and those of its history likewise."""
    _walls[model] = Wall(model, rows)


def exempt(reason: str, *exempted: Model) -> None:
    """These hold neither a supported person's data nor prices, for the reason given."""
    _exempt.update(dict.fromkeys(exempted, reason))


def by_partnership(condition: str) -> str:
    """Rows of the scope's partnership for which the condition holds, for tables that have a partnership."""
    return f"{EVERYWHERE} OR (partnership_id = {PARTNERSHIP} AND ({condition}))"


def by_parent(table: str, column: str, condition: str = "true") -> str:
    """Rows whose parent can be seen (through the parent's own wall), and for which the condition holds."""
    parent = f"EXISTS (SELECT FROM {table} parent WHERE parent.id = {{table}}.{column})"
    return f"{EVERYWHERE} OR (({condition}) AND {parent})"


# --- What is known ---------------------------------------------------------------------------------------------------


def declared() -> tuple[dict[Model, Wall], dict[Model, str]]:
    """The walls and the exemptions, from every app's `walls.py`."""
    autodiscover_modules("walls")
    return _walls, _exempt


def histories() -> dict[Model, Model]:
    """The model of each history table, and the model that it is the history of."""
    found = {}
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is not None:
            found[model] = tracked
    return found


def walled() -> Iterator[Wall]:
    """Every walled table: the models' and those of their history."""
    walls, _ = declared()
    yield from walls.values()
    for history, tracked in histories().items():
        if tracked in walls:
            yield Wall(history, walls[tracked].rows)


def walled_tables() -> set[str]:
    return {each.model._meta.db_table for each in walled()}


def undeclared() -> list[Model]:
    """Models of ours that are neither walled nor exempt."""
    walls, exempted = declared()
    known = {*walls, *exempted, *histories()}
    ours = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    return [model for model in ours if model not in known and model._meta.managed and not model._meta.proxy]


def _is_ours(model: Model) -> bool:
    return model.__module__.split(".")[0] in {"commissioning", "people", "providers", "outcomes", "finance"}


def take_stock(models: Iterable[Model]) -> None:
    """Have PostgreSQL count the rows of these tables and their histories again, after many were written at once.

    Policies make its guesses about tables it has not counted costly; by itself it counts a minute or so later.
    """
    tables = {model._meta.db_table for model in models}
    tables |= {history._meta.db_table for history, tracked in histories().items() if tracked._meta.db_table in tables}
    with connection.cursor() as cursor:
        cursor.execute("SELECT as_one_take_stock(%s)", [sorted(tables)])


# --- Into the database -----------------------------------------------------------------------------------------------


def sync() -> None:
    """Write the walls and the rights of the application's role into the database. For the owner, after migrating."""
    there = set(connection.introspection.table_names())
    append_only = {*APPEND_ONLY, *(history._meta.db_table for history in histories())}
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute(_rights(there, append_only))
        for each in walled():
            if each.model._meta.db_table in there:
                cursor.execute(_policies(each, is_history=each.model in histories()))


def _rights(there: set[str], append_only: set[str]) -> str:
    """What the application's role may do at all, whatever the rows."""
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}",
    ]
    for table in sorted(there):
        rights = "SELECT, INSERT" if table in append_only else "SELECT, INSERT, UPDATE, DELETE"
        statements += [
            f'REVOKE ALL ON "{table}" FROM {APPLICATION_ROLE}',
            f'GRANT {"SELECT" if table == "django_migrations" else rights} ON "{table}" TO {APPLICATION_ROLE}',
        ]
    return "; ".join(statements)


def _policies(each: Wall, *, is_history: bool) -> str:
    table = each.model._meta.db_table
    rows = each.rows.replace("{table}", table)
    # Triggers write the history, whoever caused the change; who may read it is another matter.
    added = "true" if is_history else rows
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS as_one_reads ON {table};
        DROP POLICY IF EXISTS as_one_adds ON {table};
        DROP POLICY IF EXISTS as_one_changes ON {table};
        DROP POLICY IF EXISTS as_one_removes ON {table};
        CREATE POLICY as_one_reads ON {table} FOR SELECT USING ({rows});
        CREATE POLICY as_one_adds ON {table} FOR INSERT WITH CHECK ({added});
        CREATE POLICY as_one_changes ON {table} FOR UPDATE USING ({rows});
        CREATE POLICY as_one_removes ON {table} FOR DELETE USING ({rows});
    """


# --- The ground floor's own tables ------------------------------------------------------------------------------------

# Everybody may read back what was kept of their own reading; a partnership's readers see who looked at its people.
_CODE = f"(SELECT code FROM accounts_partnership WHERE id = {PARTNERSHIP})"
wall(RecordRead, f"{EVERYWHERE} OR (partnership_code = {_CODE} AND ({EVERYONE} OR user_id = {USER}))")
exempt("which address refused whom; no supported person", Refusal)
exempt("the queue: a task’s name and row numbers", Job)
exempt("hashes of sealed rows, and which were lawfully removed, by number", Seal, SealedTable, Erasure, ErasedRows)
exempt(
    "accounts of colleagues, which are asked before anybody is let in",
    *(User, Membership, Invitation, AccountAct, Remembered),
)
exempt("organisations and partnerships", Organisation, Partnership, PartnershipOrganisation)
exempt("Django’s own groups, unused", User.groups.through, User.user_permissions.through)
