"""What a newcomer does on a fresh machine: `make demo`, in a checkout with no environment yet."""

import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.test_repo import ROOT, committed_files

ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+\S*")

# The tests' own environment has more installed than a newcomer's, so that a dependency that only the tests' packages
# bring goes unnoticed there. Nothing of it may reach the demo.
FOREIGN = ("VIRTUAL_ENV", "PYTHONPATH", "CI", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is committed, without an environment."""
    for name in committed_files():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
        target.chmod((ROOT / name).stat().st_mode)
    return tmp_path


@contextmanager
def demo(checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """Runs `make demo` in a group of its own, which is interrupted as Ctrl-C would."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    started = subprocess.Popen(
        ["make", "demo"],
        cwd=checkout,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        os.killpg(started.pid, signal.SIGINT)
        try:
            started.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


@pytest.mark.long
def test_the_demo_starts_from_nothing(checkout: Path) -> None:
    said = []
    with demo(checkout) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if found := ADDRESS.search(line):
                break
        else:
            pytest.fail("the demo ended without an address:\n" + "".join(said))
        with urllib.request.urlopen(found[0], timeout=30) as answer:
            assert answer.status == 200
