"""Holds the files of the project to the layout that was agreed, and to naming no machine.

The layout stands in prose in README and CONTRIBUTING; prose alone would drift.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FIXED = {"dataset_card.md", "builder", "schemas", "snapshots", "tests", "dvc.yaml", "pyproject.toml"}
BESIDE = {
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "benchmarks",
    "README.md",
    "docs",
    "page",
    "dvc.lock",
    "params.yaml",
    "requirements-dev.lock",
    "requirements-spark.lock",
    "requirements.lock",
}

# Brackets keep these patterns from matching this file.
REGISTRY = re.compile(r"https?://\S*(?:py[p]i\.|pythonhoste[d]|npmj[s]|/simpl[e]/|/package[s]/)")
MACHINE_PATH = re.compile(r"(?<![\w.$)}])/(?:hom[e]|roo[t]|tm[p]|op[t]|wor[k]|User[s])/[A-Za-z]")


def project_files() -> list[Path]:
    """Files that are committed, or would be: what git does not ignore."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_is_what_was_agreed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in project_files()}
    assert sorted((FIXED | BESIDE) - top) == []
    # Files of tools start with a dot; anything else at the top is a decision, to be made here first.
    assert sorted(name for name in top - FIXED - BESIDE if not name.startswith(".")) == []


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = []
    for path in project_files():
        # Evidence and tables hold the Hub's text, not ours; they are checked by their schemas.
        if path.is_relative_to(ROOT / "snapshots"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern in (REGISTRY, MACHINE_PATH):
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_every_module_says_first_why_it_exists() -> None:
    for package in ("builder", "schemas"):
        for path in (ROOT / package).rglob("*.py"):
            docstring = ast.get_docstring(ast.parse(path.read_text()))
            assert docstring, f"{path} has no docstring"
            assert len(docstring.splitlines()[0].split()) >= 5, f"{path} says too little"


def test_every_step_and_curated_file_says_first_why_it_exists() -> None:
    for suffix, sign in (("sql", "-- "), ("yaml", "# ")):
        for path in (ROOT / "builder").rglob(f"*.{suffix}"):
            assert path.read_text().startswith(sign), f"{path} does not start with a comment"
