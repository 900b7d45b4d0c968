"""The two practices that each adversary meets: one that runs, and the careful team's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import LiveClinic, empty_database, live_clinic
from tests.promises.adversaries.here import Here
from tests.promises.adversaries.rows import Rows
from tests.promises.careful import Careful

PATIENTS = 24


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    folder = tmp_path_factory.mktemp("here")
    with live_clinic(folder, patients=PATIENTS, kind=LiveClinic) as live:
        clinic = Here(live)
        yield clinic
        clinic.web.close()


@pytest.fixture(scope="module")
def careful(here: Here, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Careful]:
    """The same people, in the same kind of database, as a careful team keeps them."""
    with empty_database(here.live, tmp_path_factory.mktemp("careful")) as place:
        yield Careful(Rows(place), here.live.clinic)


@pytest.fixture
def spoilt(here: Here, tmp_path: Path) -> Iterator[Careful]:
    """Another of these, for whoever changes its rows."""
    with empty_database(here.live, tmp_path) as place:
        yield Careful(Rows(place), here.live.clinic)
