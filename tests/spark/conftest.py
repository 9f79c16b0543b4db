"""One Spark session for all tests, on a host whose zone is not UTC; and a project built by both engines."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder import stages
from builder.derivation import Means
from builder.engine.spark import start_session
from builder.layout import Layout
from tests.integration.conftest import curated  # noqa: F401 - a fixture of these tests too
from tests.integration.invented_hub import (
    EXPORT,
    LATER,
    LISTING,
    import_repos,
    make_empty_project,
    write_index,
)
from tests.integration.test_second_date import PREVIOUS, REASONS
from tests.spark.catalogue import ODD_REPOS, odd_later, odd_listing

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CURATED = Layout(Path()).curated
"""What the project itself holds; the invented Hub goes without its corrections."""

MASTER = "local[2]"
ON_SPARK = Means(engine="spark", master=MASTER)
FOR_FEW_ROWS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Each job writes its plan for a page that nobody opens.
    "spark.sql.ui.explainMode": "simple",
}
"""Compiling a hundred steps takes longer than running them on eighty rows."""

JAVA_FOR_FEW_ROWS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""The same one level below: Java's second compiler takes as long as the builds, and pays off in hours."""

ZONE = "Asia/Kathmandu"
"""Five hours and 45 minutes ahead of UTC: whatever is read in the host's zone shows."""


@pytest.fixture(scope="session", autouse=True)
def session() -> Iterator[SparkSession]:
    """What every build of these tests finds running; without Java or pyspark, starting it says so."""
    with warnings.catch_warnings():
        # Where pyspark is installed, pandera imports all of it, and pyspark warns of the newest pandas, which
        # nothing here hands to it.
        warnings.simplefilter("ignore", FutureWarning)
        import pandera.polars  # noqa: F401 - for what its import says
    os.environ["TZ"] = ZONE
    time.tzset()
    os.environ.setdefault("JDK_JAVA_OPTIONS", JAVA_FOR_FEW_ROWS)
    session = start_session(MASTER)
    for name, value in FOR_FEW_ROWS.items():
        session.conf.set(name, value)
    yield session
    session.stop()
    del os.environ["TZ"]
    time.tzset()


@pytest.fixture(scope="session")
def on_duckdb(tmp_path_factory: pytest.TempPathFactory, curated: Path) -> Layout:  # noqa: F811 - pytest hands it over
    """Three dates, each compared with the one before, as DuckDB builds them."""
    assert curated.is_dir()
    layout = make_dates(tmp_path_factory.mktemp("duckdb") / "project")
    for date in (EXPORT, LISTING, LATER):
        stages.build_snapshot(layout, date)
    return layout


def make_dates(root: Path) -> Layout:
    """A project with the evidence of three dates of the odd Hub, not built yet."""
    layout = make_empty_project(root)
    write_index(layout, (EXPORT, LISTING, LATER), previous=PREVIOUS, reasons=REASONS)
    for date, repos in ((EXPORT, ODD_REPOS), (LISTING, odd_listing()), (LATER, odd_later())):
        import_repos(layout, date, repos)
    return layout
