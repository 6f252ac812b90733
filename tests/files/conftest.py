import pytest


@pytest.fixture(autouse=True)
def _storage_of_its_own(settings, tmp_path):
    settings.FILES = tmp_path / "files"
