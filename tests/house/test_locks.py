"""Holds the committed locks to what they promise: every version with its hash, and no address.

An address or a path would tie the project to one registry or machine, and a pin without a hash
would let one name stand for two files.
"""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["build"]]
DEV, SPARK = (PYPROJECT["project"]["optional-dependencies"][extra] for extra in ("dev", "spark"))

PIN = re.compile(r"(?P<name>[a-z0-9._-]+)(?:\[[a-z,]+\])?==(?P<version>[^ ;]+)(?P<marker> ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
VIA = re.compile(r"    #(?: via)?(?: +[-\w.:() ]+)?")


def pins(lock: str) -> dict[tuple[str, str], str]:
    """Name and marker → version of every requirement in a lock."""
    found = (PIN.fullmatch(line) for line in (ROOT / lock).read_text().splitlines())
    return {(pin["name"], pin["marker"] or ""): pin["version"] for pin in found if pin}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert [line for line in lines if not any(p.fullmatch(line) for p in (PIN, HASH, VIA))] == []
    assert [
        line for line, following in pairwise(lines) if PIN.fullmatch(line) and not HASH.fullmatch(following)
    ] == []


def test_the_dev_lock_holds_all_of_the_run_lock() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_spark_runs_with_the_versions_that_a_snapshot_is_built_with() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-spark.lock").items()


def test_what_the_tests_need_and_what_spark_needs_fit_into_one_environment() -> None:
    spark, dev = pins("requirements-spark.lock"), pins("requirements-dev.lock")
    assert {pin: spark[pin] for pin in spark.keys() & dev} == {pin: dev[pin] for pin in spark.keys() & dev}


@pytest.mark.parametrize(("lock", "wanted"), [(LOCKS[0], RUN), (LOCKS[1], DEV), (LOCKS[2], SPARK)])
def test_a_lock_pins_what_pyproject_asks_for(lock: str, wanted: list[str]) -> None:
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        versions = [version for (pinned, _), version in pins(lock).items() if pinned == name]
        assert versions, f"{name} is not in {lock}: run `make lock`"
        assert all(map(requirement.specifier.contains, versions)), f"{requirement}: run `make lock`"
