"""What every test starts from: Qt without a screen, repeatable properties, public files from the field."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None)  # other examples in every run
settings.load_profile(os.environ.get("CONCORD_HYPOTHESIS", "repeatable"))

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def user_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the tests' own for journals, backups and crash reports: nobody's real ones are touched."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("user-data")
        patch.setenv("CONCORD_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of public files from the field, which the project does not carry; without it a test is skipped."""
    folder = Path(os.environ.get("CONCORD_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no files from the field at {folder}; CONCORD_SHARED_DATA names their folder")
    return folder
