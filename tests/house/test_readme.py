"""Holds README, CONTRIBUTING and the takedown page to the commands that exist, and runs the README's code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from builder.cli import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/takedown.md")


def code(document: str) -> str:
    """All that a document sets as code: fenced blocks and spans, one per line."""
    text = (ROOT / document).read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return "\n".join([*blocks, *spans])


def make_targets() -> set[str]:
    """Targets that `make help` lists."""
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def test_the_two_commands_open_the_readme() -> None:
    first_block = README.split("```")[1]
    assert first_block == "console\nmake snapshot\nmake test\n"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"^\s*make ([a-z]+)", code(document), flags=re.MULTILINE))
    assert named
    assert named <= make_targets()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_builder_command_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"(?:^|[\s/])builder ([a-z][a-z-]*)", code(document)))
    assert named
    assert isinstance(main, click.Group)
    assert named <= set(main.list_commands(click.Context(main)))


@pytest.mark.slow
def test_the_readmes_python_runs_as_printed(tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        # A cache of its own: `datasets` would answer for changed files from an older one.
        environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", block],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
