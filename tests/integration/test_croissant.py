"""croissant.json in the reference reader: it finds nothing wrong, and reads the rows that the files hold."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import mlcroissant
import polars as pl
import pytest

from schemas.tables import TABLES
from tests.integration.invented_hub import EXPORT, LISTING

if TYPE_CHECKING:
    from builder.layout import Layout

pytestmark = [
    # The reader's own libraries have moved on from what it uses of them.
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:(mlcroissant|rdflib)\."),
    pytest.mark.usefixtures("no_network"),
]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        msg = "croissant.json made its reader reach for the network"
        raise AssertionError(msg)

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("date", [EXPORT, LISTING])
def test_the_reference_reader_finds_nothing_wrong_and_reads_every_row(built: Layout, date: str) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(built.croissant(date)))
    issues = dataset.metadata.ctx.issues
    assert not issues.errors
    assert not issues.warnings
    for table in TABLES:
        frame = pl.read_parquet(built.table(date, table.name))
        texts = [name for name, kind in frame.schema.items() if kind in {pl.String(), pl.List(pl.String())}]
        records = list(dataset.records(table.name))
        read_back = [{name: decode(record[f"{table.name}/{name}"]) for name in texts} for record in records]
        assert read_back == frame.select(texts).to_dicts(), table.name


def decode(value: Any) -> Any:  # noqa: ANN401 - whatever a reader gives
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [decode(element) for element in value]
    return value
