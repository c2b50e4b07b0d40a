"""The project's files stand on their own: no registry's address, no machine's folder, a reason for each dependency."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
# Put together here, so that this file does not hold them itself.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("anaconda", "org"),
        ("deb", "debian", "org"),
    )
]
MACHINE_FOLDER = re.compile(r"(?<![\w.~-])/" + "work/")


def tracked_files() -> list[Path]:
    """The files of the project, as git knows them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [CHECKOUT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def test_that_no_file_names_a_package_registry_or_a_folder_of_one_machine():
    found = []
    for file in tracked_files():
        text = file.read_text(encoding="utf-8", errors="ignore")
        found += [f"{file.name}: {host}" for host in REGISTRY_HOSTS if host in text.lower()]
        found += [f"{file.name}: {match[0]}" for match in MACHINE_FOLDER.finditer(text)]
    assert found == []


def test_that_every_dependency_has_a_comment_with_its_reason():
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    dependencies = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    unexplained = [it for it in dependencies if not re.search(f'"{re.escape(it)}", +# \\w.{{10,}}', text)]
    assert unexplained == []
