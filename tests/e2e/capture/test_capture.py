"""A capture from the loopback Hub: complete, resumable, and refused where something is missing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builder.capture.reader import check_evidence
from builder.layout import EvidenceFolder, Layout
from tests.hub.demo import make_project
from tests.hub.demo_catalogue import CATALOGUES, DATES
from tests.hub.faults import ALWAYS, FaultPlan, Rule
from tests.hub.server import LoopbackHub
from tests.shared import PATIENCE_S

ROOT = Path(__file__).resolve().parents[3]
TODAY = datetime.now(UTC).date()
FIRST, SECOND = (TODAY - timedelta(days=1)).isoformat(), TODAY.isoformat()
TOKEN = "hf_" + "a" * 34


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(CATALOGUES[DATES[0]](recognisers=1_100), token=TOKEN) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Layout:
    make_project(tmp_path / "project", FIRST, SECOND)
    return Layout(tmp_path / "project")


def start(
    project: Layout, hub: LoopbackHub, *options: str, token: str | None = None
) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    environment |= {
        "HF_ENDPOINT": hub.endpoint,
        "HF_HUB_OFFLINE": "0",
        "HF_HOME": str(project.root / "hf-home"),
        "PYTHONPATH": str(ROOT),
    }
    if token is not None:
        environment["HF_TOKEN"] = token
    return subprocess.Popen(
        [sys.executable, "-m", "builder", "capture", *options],
        cwd=project.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def capture(
    project: Layout, hub: LoopbackHub, *options: str, token: str | None = None
) -> tuple[int, str, str]:
    process = start(project, hub, *options, token=token)
    output, errors = process.communicate(timeout=PATIENCE_S)
    return process.returncode, output, errors


def read_records(project: Layout, date: str) -> dict[str, dict[str, Any]]:
    lines = EvidenceFolder(project.capture(date)).records(0).read_text().splitlines()
    return {record["repo_id"]: record for record in map(json.loads, lines)}


def read_facts(project: Layout, date: str) -> dict[str, str]:
    """Everything but times: records, and who left."""
    folder = EvidenceFolder(project.capture(date))
    return {path.name: path.read_text() for path in (*folder.shards, folder.departed)}


@pytest.mark.slow
def test_a_capture_is_complete_and_a_second_one_asks_for_what_changed_only(
    project: Layout, hub: LoopbackHub
) -> None:
    code, _, errors = capture(project, hub, "--date", FIRST)
    assert code == 0, errors
    assert "the whole capture needs about" in errors
    description = check_evidence(project.capture(FIRST))
    assert description.run is not None
    assert {scope.name for scope in description.run.scopes} >= {"audio-text-to-text", "voxtral"}
    records = read_records(project, FIRST)
    roles = [record["role"] for record in records.values()]
    assert (roles.count("member"), roles.count("base")) == (21, 2)
    counts = EvidenceFolder(project.capture(FIRST)).counts.read_text().splitlines()
    assert {row["pipeline_tag"]: row["model_count"] for row in map(json.loads, counts)}[
        "automatic-speech-recognition"
    ] >= 1_100
    assert not hub.leaks
    first_calls = hub.counts["api"]
    hub.clear_requests()
    code, output, errors = capture(project, hub, "--date", SECOND)
    assert code == 0, errors
    lists = sum(logged.path.partition("?")[0] == "/api/models" for logged in hub.requests)
    assert hub.counts["api"] == lists < first_calls
    assert [logged.method for logged in hub.requests if "/resolve/" in logged.path].count("HEAD") == 2
    again = read_records(project, SECOND)
    assert {name: record["parts"].get("files") for name, record in again.items()} == {
        name: record["parts"].get("files") for name, record in records.items()
    }
    code, output, _ = capture(project, hub, "--date", SECOND)
    assert (code, "unchanged" in output) == (0, True)


@pytest.mark.slow
def test_a_capture_that_is_killed_goes_on_to_the_same_evidence(project: Layout, hub: LoopbackHub) -> None:
    assert capture(project, hub, "--date", SECOND)[0] == 0
    expected = read_facts(project, SECOND)
    shutil.rmtree(project.capture(SECOND))
    hub.clear_requests()
    hub.latency_s = 0.05
    process = start(project, hub, "--date", SECOND)
    while len(hub.requests) < 30 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = {(logged.method, logged.path) for logged in hub.requests[:20]}
    hub.clear_requests()
    code, _, errors = capture(project, hub, "--date", SECOND)
    assert code == 0, errors
    assert read_facts(project, SECOND) == expected
    assert len({(logged.method, logged.path) for logged in hub.requests} & done) <= 8


@pytest.mark.slow
def test_faults_that_pass_change_nothing(project: Layout, hub: LoopbackHub) -> None:
    assert capture(project, hub, "--date", SECOND)[0] == 0
    expected = read_facts(project, SECOND)
    hub.faults = FaultPlan(
        [Rule(name, nth=3 + 4 * at) for at, name in enumerate(("500", "truncated", "html"))]
    )
    code, _, errors = capture(project, hub, "--date", SECOND, "--replace")
    assert code == 0, errors
    assert read_facts(project, SECOND) == expected


def test_a_model_without_answer_refuses_the_capture_and_leaves_nothing_to_build(
    project: Layout, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from builder.capture.capturing import CaptureRequest
    from builder.capture.hub.client import Patience
    from builder.errors import CaptureRefused
    from builder.stages import capture_date

    hub.faults = FaultPlan([Rule("500", path="/api/models/demo-labs", per_request=ALWAYS)])
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    patience = Patience(tries=2, first_wait_s=0.01)
    with pytest.raises(CaptureRefused, match="it answered 500") as refused:
        capture_date(project, CaptureRequest(SECOND), patience)
    assert "nothing of it can be built" in str(refused.value)
    assert not project.capture(SECOND).exists()
    assert json.loads((project.capture_work(SECOND) / "report.json").read_text())["problems"]


@pytest.mark.slow
def test_the_token_stays_with_the_hub_and_out_of_everything_written(
    project: Layout, hub: LoopbackHub
) -> None:
    code, output, errors = capture(project, hub, "--date", SECOND, "-v", token=TOKEN)
    assert code == 0, errors
    assert not hub.leaks
    assert TOKEN not in output + errors
    for path in project.root.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--date", "2020-01-01"), 2, "is not today"),
        (("--date", "soon"), 2, "is not a day|and not a day"),
        (("--scope", "nothing"), 2, "is not in params.yaml"),
        (("--scope", "text-to-speech"), 2, "are only counted"),
        (("--previous", "2019-01-01"), 2, "there is no such evidence"),
    ],
)
def test_what_cannot_be_carried_out_is_said_before_anything_is_asked(
    project: Layout, hub: LoopbackHub, options: tuple[str, ...], code: int, words: str
) -> None:
    exit_code, _, errors = capture(project, hub, *options)
    assert exit_code == code
    assert any(word in errors for word in words.split("|"))
    assert "Traceback" not in errors
    assert not hub.requests
