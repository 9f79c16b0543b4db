"""What a build uses of the machine changes no result: runs side by side or in turn, and no pandas."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from builder import derivation, stages
from builder.layout import Layout
from tests.integration.invented_hub import ECHO, ECHO_WEIGHTS, LISTING, files_below
from tests.integration.test_questions import write_gold

if TYPE_CHECKING:
    from builder.derivation import Parsed

MIRROR = "mirrors/Echo-7B-Instruct"
CORRECTION = {
    "repo_id": MIRROR,
    "column": "kind",
    "value": "finetune",
    "target": ECHO,
    "reason": "only its maker knows",
    "source": "a letter",
    "dates": [LISTING],
}
RUN = """
import sys
from pathlib import Path
from builder import stages
from builder.derivation import Means
from builder.layout import Layout

Layout.curated = Path(sys.argv[1])
stages.build_snapshot(Layout(Path.cwd()), sys.argv[2], Means(workers=1))
sys.exit("pandas" in sys.modules)
"""


@pytest.fixture
def corrected(project: Layout, curated: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project with judged rows, and one correction that they agree with."""
    folder = project.root / "curated"
    shutil.copytree(curated, folder)
    (folder / "corrections.yaml").write_text(yaml.safe_dump({"corrections": [CORRECTION]}))
    monkeypatch.setattr(Layout, "curated", folder)
    rows = (
        f"{ECHO},{ECHO},echo,original,yes,{ECHO_WEIGHTS},,,high,blind,",
        f"{MIRROR},{MIRROR},echo,finetune,yes,{ECHO_WEIGHTS},,,high,blind,",
    )
    write_gold(project.gold(LISTING), *rows)
    return project


def build(project: Layout) -> tuple[dict[str, bytes], dict[str, Any]]:
    stages.build_snapshot(project, LISTING)
    manifest = project.manifest(LISTING).read_bytes()
    return files_below(project.data(LISTING)) | {"manifest.json": manifest}, json.loads(manifest)["accuracy"]


def test_the_rules_alone_answer_the_same_beside_the_steps_and_after_them(
    corrected: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlapped: list[bool] = []
    run = derivation.Parsed.run_uncorrected

    def watch(parsed: Parsed) -> Any:  # noqa: ANN401 - what it watches returns
        overlapped.append(parsed.runs_may_overlap)
        return run(parsed)

    monkeypatch.setattr(derivation.Parsed, "run_uncorrected", watch)
    beside, accuracy = build(corrected)
    monkeypatch.setattr(derivation, "_SMALL", 0)
    after, _ = build(corrected)
    assert overlapped == [True, False]
    assert beside == after
    assert accuracy["scores"]["kind"]["value"] == 1
    assert accuracy["without_corrections"]["kind"]["value"] == 0.5


def test_a_build_does_without_pandas(corrected: Layout) -> None:
    command = [sys.executable, "-c", RUN, str(Layout.curated), LISTING]
    assert subprocess.run(command, cwd=corrected.root, check=False).returncode == 0
