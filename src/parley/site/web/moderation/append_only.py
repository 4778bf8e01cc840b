"""The database itself refuses to change, replace, delete or forge a row of the moderation log.

What lives here: triggers for SQLite and PostgreSQL. What may not: the log's rows.

Beside changing and deleting, an insertion is refused that does not continue the chain (the next number,
the hash of the last row): ``INSERT OR REPLACE`` would otherwise delete a row of SQLite without a word to
the other triggers.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

__all__ = ["append_only", "arm", "disarm"]

TABLE = "web_act"
MESSAGE = "the moderation log is append-only"
_CONTINUES = (
    f"NEW.seq = COALESCE((SELECT MAX(seq) FROM {TABLE}), 0) + 1 AND NEW.previous = "
    f"COALESCE((SELECT hash FROM {TABLE} ORDER BY seq DESC LIMIT 1), '{'0' * 64}') "
    f"AND NOT EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR hash = NEW.hash)"
)
SQLITE = (
    *(
        f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER {TABLE}_continues BEFORE INSERT ON {TABLE} WHEN NOT ({_CONTINUES}) "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    f"CREATE OR REPLACE FUNCTION {TABLE}_check() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF NOT ({_CONTINUES}) THEN RAISE EXCEPTION '{MESSAGE}'; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_continues BEFORE INSERT ON {TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_check()",
)
_NAMES = {
    "sqlite": ("no_update", "no_delete", "continues"),
    "postgresql": ("no_change", "no_truncate", "continues"),
}


def append_only() -> RunPython:
    """Return the operation that sets the triggers."""
    return RunPython(_set, RunPython.noop, elidable=False)


def disarm(vendor: str) -> list[str]:
    """Return the statements that take the triggers away, for databases of tests that are emptied.

    Examples
    --------
    >>> disarm("sqlite")[0]
    'DROP TRIGGER IF EXISTS web_act_no_update'
    >>> disarm("postgresql")[1]
    'DROP TRIGGER IF EXISTS web_act_no_truncate ON web_act'
    """
    where = f" ON {TABLE}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {TABLE}_{name}{where}" for name in _NAMES[vendor]]


def arm(vendor: str) -> tuple[str, ...]:
    """Return the statements that set the triggers in a database that has none.

    Examples
    --------
    >>> len(arm("sqlite"))
    3
    """
    return SQLITE if vendor == "sqlite" else POSTGRESQL


def _set(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in arm(editor.connection.vendor):
        editor.execute(statement)
