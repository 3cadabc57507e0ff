"""What web processes remember together for a short time: wrong passwords, codes that were used.

Django's cache, kept in PostgreSQL on a connection of its own. Each call stands by itself, so a request that fails and
is rolled back is counted all the same; `add` is one statement, so two processes cannot both be first; and no Redis is
needed. Keys are kept as their SHA-256, since they hold e-mail and network addresses.
"""

import hashlib
import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

UNTIL = "CASE WHEN %(seconds)s::float IS NULL THEN 'infinity' ELSE clock_timestamp() + %(seconds)s * interval '1s' END"
INSERT = f"INSERT INTO accounts_remembered AS kept (key, value, until) VALUES (%(key)s, %(value)s, {UNTIL}) "  # noqa: S608
REPLACE = "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until "
IN_FORCE = "key = %(key)s AND until > clock_timestamp()"


class SharedMemory(BaseCache):
    """Values are whatever JSON can hold."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._connection: BaseDatabaseWrapper | None = None

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value unless one is in force; whether it was kept. Of any number at once, one is told yes."""
        statement = INSERT + REPLACE + "WHERE kept.until <= clock_timestamp() RETURNING 1"
        return bool(self._run(statement, self._row(key, value, timeout, version)))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        rows = self._run(f"SELECT value FROM accounts_remembered WHERE {IN_FORCE}", self._key(key, version))  # noqa: S608
        return json.loads(rows[0][0]) if rows else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(INSERT + REPLACE + "RETURNING 1", self._row(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        statement = f"UPDATE accounts_remembered SET until = {UNTIL} WHERE {IN_FORCE} RETURNING 1"  # noqa: S608
        return bool(self._run(statement, self._row(key, None, timeout, version)))

    def delete(self, key: str, version: int | None = None) -> bool:
        statement = "DELETE FROM accounts_remembered WHERE key = %(key)s RETURNING 1"
        return bool(self._run(statement, self._key(key, version)))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where there is nothing to add to."""
        statement = (
            f"UPDATE accounts_remembered SET value = (value::bigint + %(delta)s)::text WHERE {IN_FORCE} RETURNING value"  # noqa: S608
        )
        rows = self._run(statement, {**self._key(key, version), "delta": delta})
        if not rows:
            raise ValueError("There is no such value")
        return int(rows[0][0])

    def clear(self) -> None:
        self._run("DELETE FROM accounts_remembered RETURNING 1", {})

    def forget_what_is_over(self) -> int:
        """Remove values whose time is up; how many."""
        return len(self._run("DELETE FROM accounts_remembered WHERE until <= clock_timestamp() RETURNING 1", {}))

    def close(self, **_kwargs: Any) -> None:
        """Django calls this at the end of each request."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = connections[DEFAULT_DB_ALIAS].copy()
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def _key(self, key: str, version: int | None) -> dict[str, Any]:
        made: str = self.make_key(key, version)
        return {"key": hashlib.sha256(made.encode()).hexdigest()}

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> dict[str, Any]:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return {**self._key(key, version), "value": json.dumps(value), "seconds": seconds}
