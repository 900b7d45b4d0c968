"""`--db=postgres`: what touches a database, on a private PostgreSQL that all workers share."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cluster import Cluster
from tests.settings import CHOICE, CLUSTER
from vaitiolo.config.postgresql import OWNER, make_roles

started = pytest.StashKey[Cluster]()
# These rooms know no database.
WITHOUT = ("ceremony", "house", "keys", "kit", "web")
# Whole days over live programs; other pages in a browser ask what tests without one ask as well.
WHOLE_DAYS = ("e2e", "promises")


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "run on SQLite files, or on a private PostgreSQL"
    parser.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help=text)


def pytest_configure(config: pytest.Config) -> None:
    # The workers of a run have the controller's environment, and so its cluster.
    if os.environ.get(CHOICE) == "postgres" and not hasattr(config, "workerinput"):
        cluster = Cluster(Path(os.environ[CLUSTER]))
        config.stash[started] = cluster
        cluster.start()
        make_roles(cluster.address())
        with psycopg.connect(cluster.address(), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {OWNER} CREATEDB")  # makes the tests' own databases


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster = config.stash.get(started, None)
    if cluster:
        cluster.stop()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what SQLite's run has shown already and no other database could change."""
    if os.environ.get(CHOICE) == "postgres":
        left_out = [item for item in items if not _depends_on_the_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _depends_on_the_database(item)]


def _depends_on_the_database(item: pytest.Item) -> bool:
    room = item.path.relative_to(Path(__file__).parent).parts[0]
    if item.get_closest_marker("browser"):
        return room in WHOLE_DAYS
    asked = {"cluster", "db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return room not in WITHOUT or bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Hand a test a server apart from the run's own.

    What is written in clear here, such as the thief's stand-in, must not stand in the journal that
    a live installation shares with the other tests.
    """
    if os.environ.get(CHOICE) != "postgres":
        pytest.skip("SQLite has no roles; --db=postgres runs this")
    apart = Cluster(Path(tempfile.mkdtemp(prefix="vaitiolo-pg-")))
    apart.start()
    make_roles(apart.address())
    yield apart
    apart.stop()
