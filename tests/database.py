"""Fixtures: one PostgreSQL server per test session, a fresh database per test or module."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from callwright.integrations.postgres.server import PostgresServer
from callwright.migrations.run import migrate

_TEMPLATE = "callwright_template"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server in a home of its own; ended and deleted with the session."""
    home = Path(tempfile.mkdtemp(prefix="callwright-tests-"))
    home.chmod(0o711)  # as root the server runs as a user of its own, who must get through
    server = PostgresServer(home, 8704, durable=False)
    try:
        server.ensure()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def template_database(postgres: PostgresServer) -> str:
    """The name of the database that fresh ones are copied from: this version's schema, empty."""
    migrate(postgres.ensure_database(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def database_url(postgres: PostgresServer, template_database: str) -> Iterator[str]:
    """The libpq URL of a fresh copy of the template, for one test."""
    yield from _fresh(postgres, template_database)


@pytest.fixture(scope="module")
def module_database_url(postgres: PostgresServer, template_database: str) -> Iterator[str]:
    """The libpq URL of a fresh copy of the template, shared by the tests of one module."""
    yield from _fresh(postgres, template_database)


def _fresh(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    yield server.ensure_database(name, template=template)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
