"""Where Spark is not installed, asking for it ends in one sentence, and nothing else needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from builder.engine.spark import start_session
from builder.errors import UsageError


def test_spark_that_is_not_installed_is_a_users_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError, match=r"needs the package pyspark, .* install requirements-spark\.lock"):
        start_session("local[1]")


def test_a_build_on_duckdb_imports_nothing_of_spark() -> None:
    asked = "import sys, builder.stages, builder.cli; sys.exit('builder.engine.spark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
