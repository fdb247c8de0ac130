"""Dumping, restoring, counting, renaming databases, on the embedded or any other server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from callwright.integrations.postgres.programs import packaged_programs
from callwright.integrations.postgres.server import MAINTENANCE_DATABASE
from callwright.kit.errors import CallwrightError

_TABLES = """
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
order by 1, 2
"""


def dump(url: str, target: Path) -> dict[str, int]:
    """Write pg_dump's own format; returns the rows of each table in the very same snapshot."""
    with psycopg.connect(url) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        row = connection.execute("select pg_export_snapshot()").fetchone()
        rows = count_rows(connection)
        snapshot = str(row[0]) if row else ""
        _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    return rows


def restore(url: str, source: Path) -> dict[str, int]:
    """Load a dump into an empty database; returns the rows of each table."""
    _run("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(source))
    with psycopg.connect(url) as connection:
        return count_rows(connection)


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """`schema.table` -> rows, of every table that is ours."""
    counts = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        row = connection.execute(query).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def database_name(url: str) -> str:
    """The database that a URL means."""
    return str(conninfo_to_dict(url).get("dbname") or "")


def with_database(url: str, name: str) -> str:
    """The same server and user, another database."""
    return make_conninfo(url, dbname=name)


@contextmanager
def scratch_database(url: str, name: str) -> Iterator[str]:
    """An empty database beside that of `url`, dropped at the end if it still has this name."""
    _drop(url, name)
    _maintain(url, "create database {} template template0", name)
    try:
        yield with_database(url, name)
    finally:
        _drop(url, name)


def replace_database(url: str, fresh: str) -> None:
    """Give the database `fresh` the name that `url` means; the old one is dropped after that."""
    name = database_name(url)
    old = f"{name}_old"
    _drop(url, old)
    with _maintenance(url) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [name])
        if found.fetchone():
            _end_sessions(connection, name)
            _rename(connection, name, old)
        _end_sessions(connection, fresh)
        _rename(connection, fresh, name)
    _drop(url, old)


def _end_sessions(connection: psycopg.Connection, name: str) -> None:
    query = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s"
    connection.execute(query, [name])


def _rename(connection: psycopg.Connection, name: str, to: str) -> None:
    query = sql.SQL("alter database {} rename to {}")
    connection.execute(query.format(sql.Identifier(name), sql.Identifier(to)))


def _drop(url: str, name: str) -> None:
    _maintain(url, "drop database if exists {} with (force)", name)


def _maintain(url: str, statement: str, name: str) -> None:
    with _maintenance(url) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _maintenance(url: str) -> psycopg.Connection:
    return psycopg.connect(with_database(url, MAINTENANCE_DATABASE), autocommit=True)


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a client program; a password goes by the environment, never on the command line."""
    where = conninfo_to_dict(url)
    password = where.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    known = make_conninfo("", **where)
    command = [str(packaged_programs() / program), f"--dbname={known}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        why = done.stderr.strip()[-500:]
        raise CallwrightError("database_tool_failed", program=program, why=why)
