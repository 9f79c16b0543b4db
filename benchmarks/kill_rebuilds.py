"""Kill `dvc repro --force` at random moments, run it again, and compare every byte.

Works in a copy of the repository, so that nothing of yours is touched:

    python -m benchmarks.kill_rebuilds --times 20 --seed 1
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "dvc", "repro", "--force")
OUTPUTS = {"manifest.json", "README.md", "croissant.json"}
UNFINISHED = (".making-*", ".aside", ".capture-*")


def copy_repository(root: Path) -> None:
    """Copy what git knows or would take, and make it a repository of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git as the user has it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)  # noqa: S607 - as above


def environment(root: Path) -> dict[str, str]:
    """Ours, with the commands of this environment and the code of the copy found first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}


def rebuild(root: Path) -> float:
    """Run the whole command; seconds."""
    start = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own
        COMMAND, cwd=root, env=environment(root), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"dvc repro --force failed:\n{done.stdout}{done.stderr}")
    return time.monotonic() - start


def kill_rebuild(root: Path, after: float) -> bool:
    """Start the command and kill it with all its children; whether it was still at work."""
    with subprocess.Popen(  # noqa: S603 - our own
        COMMAND,
        cwd=root,
        env=environment(root),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        time.sleep(after)
        at_work = process.poll() is None
        if at_work:
            os.killpg(process.pid, signal.SIGKILL)
    return at_work


def mend_lock(root: Path) -> bool:
    """Take away a lock that DVC was killed while writing, as `make snapshot` does; whether there was one."""
    lock = root / ".dvc" / "tmp" / "rwlock"
    if not lock.is_file():
        return False
    try:
        json.loads(lock.read_bytes())
    except ValueError:
        lock.unlink()
        return True
    return False


def digest(root: Path) -> dict[str, str]:
    """SHA-256 of every file below snapshots/, and of dvc.lock."""
    files = [path for path in (root / "snapshots").rglob("*") if path.is_file()] + [root / "dvc.lock"]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.exists()
    }


def find_unfinished(root: Path) -> list[str]:
    """Temporary files and folders that a build should have taken away."""
    return sorted(path.relative_to(root).as_posix() for form in UNFINISHED for path in root.rglob(form))


def make_old(root: Path) -> None:
    """Put other bytes in the place of every output, or a kill would find nothing half done."""
    for path in (root / "snapshots").rglob("*"):
        if path.is_file() and (path.name in OUTPUTS or path.parent.name in {"data", "figures"}):
            path.write_bytes(b"old")


@click.command()
@click.option("--times", default=20, show_default=True, help="Kills.")
@click.option("--seed", default=1, show_default=True, help="Decides the moments.")
def main(*, times: int, seed: int) -> None:
    """Kill rebuilds of a copy of this repository, and compare what the next run makes."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    good = killed = mended = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        root.mkdir()
        copy_repository(root)
        # The first run also fills the caches of the system, which a kill must not wait for.
        seconds = min(rebuild(root), rebuild(root))
        wanted = digest(root)
        here = digest(ROOT)
        other = sorted(name for name, value in wanted.items() if here.get(name) != value)
        click.echo(
            f"a rebuild takes {seconds:.1f} s; of {len(wanted)} files, other than here: {other or 'none'}"
        )
        for number in range(1, times + 1):
            make_old(root)
            after = chance.uniform(0, seconds)
            at_work = kill_rebuild(root, after)
            made = sum(digest(root).get(name) == value for name, value in wanted.items())
            lying = len(find_unfinished(root))
            mended += mend_lock(root)
            rebuild(root)
            same, left = digest(root) == wanted, find_unfinished(root)
            good += same and not left
            killed += at_work
            click.echo(
                f"{number:3}  {'killed' if at_work else 'had ended'} after {after:4.1f} s with {made} of "
                f"{len(wanted)} files in place and {lying} unfinished; run again: "
                f"{'same bytes' if same else 'OTHER BYTES'}, {len(left)} unfinished"
            )
    click.echo(f"{good} of {times} runs after a kill gave the same bytes ({killed} were killed at work)")
    click.echo(f"{mended} kills had left DVC's own lock half written, which `make snapshot` takes away")
    sys.exit(good < times)


if __name__ == "__main__":
    main()
