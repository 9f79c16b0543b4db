"""The whole path without an account: capture, build, card and publish of two dates of an invented Hub.

`make demo` runs this. Yesterday and today stand for two months, since a capture shows the Hub of its day.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.hub.demo_catalogue import CATALOGUES, DATES
from tests.hub.server import LoopbackHub

ROOT: Final = Path(__file__).resolve().parents[2]
COPIED: Final = ("dataset_card.md", "params.yaml", "requirements.lock", "dvc.yaml")
INDEX: Final = """building:
  "{first}":
    previous: snapshots/none.json
  "{second}":
    previous: snapshots/{first}/manifest.json
    reason: invented months, a day apart
published: {{}}
"""


def make_project(folder: Path, first: str, second: str) -> None:
    """A project with the code of this one and no date yet."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "snapshots").mkdir(parents=True)
    for name in COPIED:
        shutil.copy(ROOT / name, folder / name)
    (folder / "snapshots" / "none.json").write_text('{"snapshot_date": null}\n')
    (folder / "snapshots" / "index.yaml").write_text(INDEX.format(first=first, second=second))


def main(folder: Path) -> None:
    """Run the path in `folder`, which is made anew."""
    today = datetime.now(UTC).date()
    first, second = (today - timedelta(days=1)).isoformat(), today.isoformat()
    make_project(folder, first, second)
    with LoopbackHub(CATALOGUES[DATES[0]]()) as hub:
        environment = {
            **os.environ,
            "HF_ENDPOINT": hub.endpoint,
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_DISABLE_XET": "1",
            "HF_HOME": str(folder / "hf-home"),
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("HF_TOKEN", None)

        def run(*command: str) -> None:
            print(f"\n$ builder {' '.join(command)}", flush=True)  # noqa: T201 - a demo speaks
            subprocess.run(
                [sys.executable, "-m", "builder", *command], cwd=folder, env=environment, check=True
            )

        run("capture", "--date", first)
        run("build", first)
        run("card", first)
        hub.replace_all(CATALOGUES[DATES[1]]())
        run("capture", "--date", second)
        run("build", second)
        run("card", second)
        run("diff", first, second)
    print(f"\nThe card of the second date: {folder / 'snapshots' / second / 'README.md'}")  # noqa: T201 - as above


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".work" / "demo")
