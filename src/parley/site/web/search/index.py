"""The index: a table of words beside articles and comments, kept by triggers.

What lives here: the statements for SQLite (FTS5) and PostgreSQL (tsvector). What may not: queries (``find``).

Triggers keep it in the transaction of each change, whoever makes it and by whatever way. Only what is
visible is put in; a comment that is held, hidden, removed or withdrawn is not in the index at all. What is
found is asked for once more through ``access`` before it is shown.

Accents on Latin letters count for nothing, in the texts and in what is looked for: FTS5 drops them, and a
function of ours, written in PostgreSQL's own SQL, drops the same ones there (no extension is needed).
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

__all__ = ["FOLD", "TABLE", "install", "rebuild"]

TABLE = "web_search"
FOLD = f"{TABLE}_fold"  # PostgreSQL: a text without the accents of Latin letters

_ARTICLE = (
    "SELECT {key} 'article', a.id, v.title, v.words FROM web_article a JOIN web_version v "
    "ON v.id = a.current_id WHERE a.state IN ('published', 'closed')"
)
_COMMENT = (
    "SELECT {key} 'comment', c.id, '', c.source || ' ' || COALESCE((SELECT {joined} "
    "FROM web_challenge h, {values} WHERE h.comment_id = c.id), '') FROM web_comment c WHERE c.state = "
    "'visible'"
)
_LITE_ARTICLE = _ARTICLE.format(key="a.id * 2 + 1,")
_LITE_COMMENT = _COMMENT.format(
    key="c.id * 2,", joined="group_concat(j.value, ' ')", values="json_each(h.reasons) j"
)
_LITE_INSERT = f"INSERT INTO {TABLE}(rowid, kind, target, title, body) "
_POST_ARTICLE = _ARTICLE.format(key="")
_POST_COMMENT = _COMMENT.format(
    key="", joined="string_agg(j.value, ' ')", values="jsonb_each_text(h.reasons) j"
)
_POST_INSERT = f"INSERT INTO {TABLE}(kind, target, title, body) "


def _lite(name: str, when: str, body: str, condition: str = "") -> str:
    guard = f"WHEN {condition} " if condition else ""
    return f"CREATE TRIGGER IF NOT EXISTS {TABLE}_{name} AFTER {when} {guard}BEGIN {body} END"


def _lite_article(key: str) -> str:
    return f"DELETE FROM {TABLE} WHERE rowid = {key} * 2 + 1; {_LITE_INSERT}{_LITE_ARTICLE} AND a.id = {key};"


def _lite_comment(key: str) -> str:
    return f"DELETE FROM {TABLE} WHERE rowid = {key} * 2; {_LITE_INSERT}{_LITE_COMMENT} AND c.id = {key};"


SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING "
    "fts5(kind UNINDEXED, target UNINDEXED, title, body, tokenize = 'unicode61 remove_diacritics 2')",
    _lite("article_new", "INSERT ON web_article", _lite_article("NEW.id")),
    _lite(
        "article_changed",
        "UPDATE OF state, current_id ON web_article",
        _lite_article("NEW.id"),
        "OLD.state IS NOT NEW.state OR OLD.current_id IS NOT NEW.current_id",
    ),
    _lite("article_gone", "DELETE ON web_article", f"DELETE FROM {TABLE} WHERE rowid = OLD.id * 2 + 1;"),
    _lite(
        "version_changed",
        "UPDATE OF title, words ON web_version",
        f"DELETE FROM {TABLE} WHERE rowid IN (SELECT id * 2 + 1 FROM web_article WHERE current_id = NEW.id); "
        f"{_LITE_INSERT}{_LITE_ARTICLE} AND v.id = NEW.id;",
        "OLD.title IS NOT NEW.title OR OLD.words IS NOT NEW.words",
    ),
    _lite("comment_new", "INSERT ON web_comment", _lite_comment("NEW.id"), "NEW.state = 'visible'"),
    _lite(
        "comment_changed",
        "UPDATE OF state, source ON web_comment",
        _lite_comment("NEW.id"),
        "OLD.state IS NOT NEW.state OR OLD.source IS NOT NEW.source",
    ),
    _lite("comment_gone", "DELETE ON web_comment", f"DELETE FROM {TABLE} WHERE rowid = OLD.id * 2;"),
    _lite("challenge_new", "INSERT ON web_challenge", _lite_comment("NEW.comment_id")),
    _lite(
        "challenge_changed",
        "UPDATE OF reasons ON web_challenge",
        _lite_comment("NEW.comment_id"),
        "OLD.reasons IS NOT NEW.reasons",
    ),
)


def _post(name: str, table: str, when: str, body: str) -> tuple[str, ...]:
    return (
        f"CREATE OR REPLACE FUNCTION {TABLE}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {TABLE}_{name} AFTER {when} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_{name}()",
    )


def _post_one(kind: str, key: str) -> str:
    chosen = f"{_POST_ARTICLE} AND a.id" if kind == "article" else f"{_POST_COMMENT} AND c.id"
    return (
        f"DELETE FROM {TABLE} WHERE kind = '{kind}' AND target = {key}; {_POST_INSERT}{chosen} = {key} "
        f"ON CONFLICT (kind, target) DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body;"
    )


def _post_gone(kind: str) -> str:
    return f"DELETE FROM {TABLE} WHERE kind = '{kind}' AND target = OLD.id;"


def _vector(column: str) -> str:
    """Return the words of a column without punctuation, in which PostgreSQL sees tags and addresses."""
    signs = '!"#$%&()*+,-./:;<=>?@[\\]^`{|}~'
    return f"to_tsvector('simple', translate({FOLD}({column}), '{signs}', '{' ' * len(signs)}'))"


# As ``parley.site.render.excerpt.fold``: apart, marks off letters from A to z, together again.
_FOLD = (
    f"CREATE OR REPLACE FUNCTION {FOLD}(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT "
    r"PARALLEL SAFE AS $$ SELECT normalize(regexp_replace(normalize(words, NFD), "
    r"'([A-Za-z])[\u0300-\u036F]+', '\1', 'g'), NFC) $$"
)
POSTGRESQL = (
    _FOLD,
    f"CREATE TABLE IF NOT EXISTS {TABLE} (kind text NOT NULL, target bigint NOT NULL, title text NOT NULL, "
    f"body text NOT NULL, vector tsvector GENERATED ALWAYS AS (setweight({_vector('title')}, 'A') || "
    f"setweight({_vector('body')}, 'B')) STORED, PRIMARY KEY (kind, target))",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_vector ON {TABLE} USING gin (vector)",
    *_post(
        "article_new", "web_article", "INSERT OR UPDATE OF state, current_id", _post_one("article", "NEW.id")
    ),
    *_post("article_gone", "web_article", "DELETE", _post_gone("article")),
    *_post(
        "version_changed",
        "web_version",
        "UPDATE OF title, words",
        f"UPDATE {TABLE} SET title = NEW.title, body = NEW.words WHERE kind = 'article' AND target IN "
        "(SELECT id FROM web_article WHERE current_id = NEW.id);",
    ),
    *_post("comment_new", "web_comment", "INSERT OR UPDATE OF state, source", _post_one("comment", "NEW.id")),
    *_post("comment_gone", "web_comment", "DELETE", _post_gone("comment")),
    *_post(
        "challenge_new",
        "web_challenge",
        "INSERT OR UPDATE OF reasons",
        _post_one("comment", "NEW.comment_id"),
    ),
    f"CREATE OR REPLACE FUNCTION {TABLE}_emptied() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN DELETE FROM {TABLE} WHERE kind = TG_ARGV[0]; RETURN NULL; END $$",
    *(
        f"CREATE OR REPLACE TRIGGER {TABLE}_{kind}_emptied AFTER TRUNCATE ON web_{kind} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_emptied('{kind}')"
        for kind in ("article", "comment")
    ),
)


def install(**_: Any) -> None:
    """Make the table and the triggers that are missing; a migration may have dropped some."""
    tables = set(connection.introspection.table_names())
    if not {"web_article", "web_version", "web_comment", "web_challenge"} <= tables:
        return  # the migrations stopped short of them
    old = connection.vendor == "postgresql" and TABLE in tables and not _folds()
    with connection.cursor() as cursor:
        if old:
            cursor.execute(f"DROP TABLE {TABLE}")
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
    if old:
        _fill()


def _folds() -> bool:
    """Whether PostgreSQL's table leaves accents out; that of an older release does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a "
            "ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
            f"WHERE d.adrelid = '{TABLE}'::regclass AND a.attname = 'vector'"
        )
        row = cursor.fetchone()
    return row is not None and FOLD in row[0]


def rebuild() -> int:
    """Fill the index anew from what is visible; returns how many texts are in it."""
    install()
    return _fill()


def _fill() -> int:
    lite = connection.vendor == "sqlite"
    insert, article, comment = (
        (_LITE_INSERT, _LITE_ARTICLE, _LITE_COMMENT) if lite else (_POST_INSERT, _POST_ARTICLE, _POST_COMMENT)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(f"{insert}{article}")
        cursor.execute(f"{insert}{comment}")
        if lite:  # what was deleted leaves the segments of the index only when they are merged
            cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('optimize')")
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        return int(cursor.fetchone()[0])
