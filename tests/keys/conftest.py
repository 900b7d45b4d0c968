from pathlib import Path

import pytest

from tests.keys.policy import key_service
from vaitiolo.keys.kms.file import FileKms


@pytest.fixture
def kms(tmp_path: Path) -> FileKms:
    return key_service(tmp_path / "kms")
