"""Every dependency is accounted for, and none in the core is under a licence that a carrier has to discuss."""

import re
import tomllib
from importlib.metadata import metadata

import pytest

from tests.test_repo import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COPYLEFT = re.compile(r"\b[AL]?GPL|GNU", re.IGNORECASE)
# Locked for Windows, hence not installed where the tests run.
ELSEWHERE = {"colorama"}


def plain(requirement: str) -> str:
    """The name in its normal form: without extras, version and marker."""
    return re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def locked(name: str) -> dict[str, str]:
    """Package → version, as a lock file pins them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {plain(name): version for name, version in re.findall(r"^(\S+?)==(\S+)", text, re.MULTILINE)}


def required() -> set[str]:
    """What pyproject.toml names."""
    project = PROJECT["project"]
    named = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    named += [name for extra in project["optional-dependencies"].values() for name in extra]
    return {plain(name) for name in named} - {plain(project["name"])}


def licences(package: str) -> list[str]:
    """Everything by which the installed package names its licence; a whole licence text counts by its first line."""
    about = metadata(package)
    stated = [value for field in ("License-Expression", "License") for value in about.get_all(field) or []]
    classifiers = [value for value in about.get_all("Classifier") or [] if value.startswith("License ::")]
    return [*(value.split("\n")[0] for value in stated), *classifiers]


def test_every_dependency_has_its_line() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    described = {plain(name) for name in re.findall(r"^\| ([\w-]+) \| ", text, re.MULTILINE)} - {"package"}
    assert described == required() | {"editables"}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert [
        entry for entry in re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:] if "--hash=sha256:" not in entry
    ] == []


def test_the_locks_agree_and_hold_everything() -> None:
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert runtime.items() <= dev.items()
    assert required() <= dev.keys()
    assert {plain(name) for name in PROJECT["project"]["dependencies"]} <= runtime.keys()


def test_nothing_in_the_core_is_copyleft() -> None:
    stated = {package: licences(package) for package in locked("requirements.lock").keys() - ELSEWHERE}
    assert {package: names for package, names in stated.items() if not names} == {}
    assert {package: names for package, names in stated.items() if COPYLEFT.search(" ".join(names))} == {}
    assert COPYLEFT.search(" ".join(licences("psycopg"))), "or it may move out of its extra"
