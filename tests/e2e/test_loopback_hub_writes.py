"""Publishing with the real clients to the Hub of tests/hub, and loading what was published."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import CommitInfo, CommitOperationAdd, CommitOperationDelete, HfApi, constants
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.hub.catalogue import Repository
from tests.hub.faults import WRITE_FAULTS, FaultPlan, Rule
from tests.hub.server import LoopbackHub

# The client sends large files in a way that its own HTTP library calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

SET = "acme/set"
DATE, OLDER = "2025-12-07", "2025-11-01"
TOKEN, READ_TOKEN = "hf_write", "hf_read"
CARD = """---
license: cc0-1.0
configs:
- config_name: families
  default: true
  data_files:
  - split: train
    path: data/families.parquet
---
# Card
"""


def parquet(rows: int) -> bytes:
    target = io.BytesIO()
    table = pa.table({"n": pa.array(range(rows), pa.int64()), "tags": [["a", "b"]] * rows})
    pq.write_table(table, target)
    return target.getvalue()


def files(rows: int) -> list[CommitOperationAdd | CommitOperationDelete]:
    return [
        CommitOperationAdd("README.md", CARD.encode()),
        CommitOperationAdd("data/families.parquet", parquet(rows)),
    ]


@pytest.fixture(autouse=True)
def no_xet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(token=TOKEN, read_token=READ_TOKEN, namespaces=["acme"]) as hub:
        yield hub


@pytest.fixture
def api(hub: LoopbackHub) -> HfApi:
    """A client that may write, and an empty dataset to write to."""
    api = HfApi(hub.endpoint, token=TOKEN)
    api.create_repo(SET, repo_type="dataset")
    return api


def commit(api: HfApi, rows: int, *, branch: str = "main", parent: str | None = None) -> CommitInfo:
    return api.create_commit(
        SET,
        files(rows),
        commit_message=f"{rows} rows",
        repo_type="dataset",
        revision=branch,
        parent_commit=parent,
    )


def head(api: HfApi) -> str:
    sha = api.repo_info(SET, repo_type="dataset").sha
    assert sha is not None
    return sha


def test_what_is_committed_is_read_back(hub: LoopbackHub, api: HfApi, tmp_path: Path) -> None:
    first = head(api)
    made = commit(api, 3, parent=first)
    assert made.oid == head(api) != first
    for path, content in (("README.md", CARD.encode()), ("data/families.parquet", parquet(3))):
        got = api.hf_hub_download(SET, path, repo_type="dataset", revision=made.oid, cache_dir=tmp_path)
        assert Path(got).read_bytes() == content
    info = api.dataset_info(SET, files_metadata=True)
    assert [file.rfilename for file in info.siblings or ()] == [
        *(".gitattributes", "README.md", "data/families.parquet"),
    ]
    assert info.card_data is not None
    assert info.card_data["license"] == "cc0-1.0"
    log = api.list_repo_commits(SET, repo_type="dataset")
    assert [(entry.commit_id, entry.title) for entry in log] == [
        (made.oid, "3 rows"),
        (first, "initial commit"),
    ]
    assert hub.leaks == ()


def test_committing_the_same_again_sends_nothing_and_changes_nothing(hub: LoopbackHub, api: HfApi) -> None:
    made = commit(api, 3)
    hub.clear_requests()
    assert commit(api, 3).oid == made.oid
    assert {asked.method for asked in hub.requests} == {"GET", "POST"}
    assert not any("/commit/" in asked.path for asked in hub.requests)
    assert len(hub.history(SET).commits) == 2


def test_files_and_folders_can_be_deleted(api: HfApi) -> None:
    commit(api, 3)
    api.delete_folder("data", SET, repo_type="dataset")
    api.delete_file(".gitattributes", SET, repo_type="dataset")
    assert api.list_repo_files(SET, repo_type="dataset") == ["README.md"]
    with pytest.raises(EntryNotFoundError):
        api.delete_file("absent.txt", SET, repo_type="dataset")


def test_a_commit_on_another_parent_is_refused(hub: LoopbackHub, api: HfApi) -> None:
    seen = head(api)
    hub.edit(SET, {"README.md": b"by hand"})
    with pytest.raises(HfHubHTTPError, match="A commit has happened since") as refused:
        commit(api, 3, parent=seen)
    assert refused.value.response.status_code == 412
    assert [entry.title for entry in hub.history(SET).log("main")] == ["Edit", "initial commit"]


def test_of_two_at_once_one_wins(hub: LoopbackHub, api: HfApi) -> None:
    seen = head(api)
    outcomes: list[str] = []

    def publish(rows: int) -> None:
        try:
            outcomes.append(commit(api, rows, parent=seen).oid)
        except HfHubHTTPError as error:
            outcomes.append(str(error.response.status_code))

    threads = [threading.Thread(target=publish, args=(rows,)) for rows in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["412", head(api)])
    assert len(hub.history(SET).commits) == 2


def test_tags_and_branches_come_and_go(hub: LoopbackHub, api: HfApi) -> None:
    newest = commit(api, 3).oid
    first = hub.history(SET).commits[newest].parent
    api.create_tag(SET, tag=DATE, tag_message="why", revision=newest, repo_type="dataset")
    api.create_branch(SET, branch=f"date/{OLDER}", revision=first, repo_type="dataset")
    older = commit(api, 2, branch=f"date/{OLDER}").oid
    refs = api.list_repo_refs(SET, repo_type="dataset")
    assert {ref.name: ref.target_commit for ref in refs.branches} == {"main": newest, f"date/{OLDER}": older}
    assert [(ref.name, ref.ref, ref.target_commit) for ref in refs.tags] == [
        (DATE, f"refs/tags/{DATE}", newest),
    ]
    again: tuple[Callable[[], object], ...] = (
        lambda: api.create_tag(SET, tag=DATE, repo_type="dataset"),
        lambda: api.create_branch(SET, branch="main", repo_type="dataset"),
    )
    for act in again:
        with pytest.raises(HfHubHTTPError) as refused:
            act()
        assert refused.value.response.status_code == 409
    api.create_tag(SET, tag=DATE, repo_type="dataset", exist_ok=True)
    api.delete_tag(SET, tag=DATE, repo_type="dataset")
    api.delete_branch(SET, branch=f"date/{OLDER}", repo_type="dataset")
    for gone in (DATE, f"date/{OLDER}"):
        with pytest.raises(RevisionNotFoundError):
            api.repo_info(SET, repo_type="dataset", revision=gone)
    with pytest.raises(HfHubHTTPError, match="main branch"):
        api.delete_branch(SET, branch="main", repo_type="dataset")


def test_squashing_leaves_one_commit_with_the_same_files(api: HfApi) -> None:
    before = commit(api, 3).oid
    paths = api.list_repo_files(SET, repo_type="dataset")
    api.super_squash_history(SET, repo_type="dataset", commit_message="all of it")
    log = api.list_repo_commits(SET, repo_type="dataset")
    assert [entry.title for entry in log] == ["all of it"]
    assert log[0].commit_id != before
    assert api.list_repo_files(SET, repo_type="dataset") == paths


def test_a_repository_is_created_once_and_can_be_deleted(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="already created"):
        api.create_repo(SET, repo_type="dataset")
    assert api.create_repo(SET, repo_type="dataset", exist_ok=True).repo_id == SET
    api.delete_repo(SET, repo_type="dataset")
    with pytest.raises(RepositoryNotFoundError):
        api.repo_info(SET, repo_type="dataset")


@dataclass(frozen=True)
class Sender:
    """Somebody who may not write to a repository, and what he is told."""

    token: str | bool
    repo_id: str
    error: type[HfHubHTTPError]
    status: int


SENDERS = (
    Sender(token=False, repo_id=SET, error=RepositoryNotFoundError, status=401),
    Sender("hf_unknown", SET, HfHubHTTPError, 401),
    Sender(READ_TOKEN, SET, HfHubHTTPError, 403),
    Sender(TOKEN, "acme/absent", RepositoryNotFoundError, 404),
    Sender(TOKEN, "foreign/set", HfHubHTTPError, 403),
)


@pytest.mark.parametrize("call", ["commit", "tag", "branch", "squash"])
@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: f"{sender.token}-{sender.repo_id}")
def test_who_may_not_write_is_told_and_changes_nothing(
    hub: LoopbackHub, api: HfApi, sender: Sender, call: str
) -> None:
    hub.replace(Repository("foreign/set", kind="dataset"))
    before = (dict(hub.history(SET).commits), head(api))
    client = HfApi(hub.endpoint, token=sender.token)
    repo_id = sender.repo_id
    calls: dict[str, Callable[[], object]] = {
        "commit": lambda: client.create_commit(repo_id, files(2), commit_message="x", repo_type="dataset"),
        "tag": lambda: client.create_tag(repo_id, tag="x", repo_type="dataset"),
        "branch": lambda: client.create_branch(repo_id, branch="x", repo_type="dataset"),
        "squash": lambda: client.super_squash_history(repo_id, repo_type="dataset"),
    }
    with pytest.raises(sender.error) as refused:
        calls[call]()
    assert refused.value.response.status_code == sender.status
    assert (dict(hub.history(SET).commits), head(api)) == before
    assert hub.history(SET).tags == {}


@pytest.mark.parametrize(("repo_id", "token"), [("foreign/new", TOKEN), ("acme/new", READ_TOKEN)])
def test_who_may_not_create_is_told(hub: LoopbackHub, repo_id: str, token: str) -> None:
    client = HfApi(hub.endpoint, token=token)
    with pytest.raises(HfHubHTTPError) as refused:
        client.create_repo(repo_id, repo_type="dataset")
    assert refused.value.response.status_code == 403
    with pytest.raises(RepositoryNotFoundError):
        client.repo_info(repo_id, repo_type="dataset")


def test_a_gated_dataset_can_be_read_by_its_owner_only(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.replace(Repository("acme/gated", {"a.txt": b"a"}, kind="dataset", gated="auto"))

    def fetch(token: str | None) -> str:
        client = HfApi(hub.endpoint, token=token or False)
        cache = tmp_path / str(token)
        return client.hf_hub_download("acme/gated", "a.txt", repo_type="dataset", cache_dir=cache)

    assert Path(fetch(TOKEN)).read_bytes() == b"a"
    for token in (READ_TOKEN, None):
        with pytest.raises(GatedRepoError):
            fetch(token)


def test_what_was_not_sent_or_leads_out_is_not_committed(hub: LoopbackHub, api: HfApi) -> None:
    url = f"{hub.endpoint}/api/datasets/{SET}/commit/main"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    header = {"key": "header", "value": {"summary": "x", "description": ""}}
    for line in (
        {"key": "lfsFile", "value": {"path": "a.bin", "algo": "sha256", "oid": "0" * 64, "size": 1}},
        {"key": "file", "value": {"path": "../a", "content": "", "encoding": "base64"}},
        {"key": "file", "value": {"path": "a", "content": "not base64!", "encoding": "base64"}},
        {"key": "unknown", "value": {"path": "a"}},
    ):
        body = "\n".join(json.dumps(part) for part in (header, line))
        assert httpx2.post(url, content=body, headers=headers).status_code == 400
    assert len(hub.history(SET).commits) == 1
    port = hub.endpoint.rpartition(":")[2]
    wrong = httpx2.put(f"http://localhost:{port}/upload/dataset/{SET}/{'0' * 64}", content=b"other bytes")
    assert wrong.status_code == 400
    assert api.list_repo_files(SET, repo_type="dataset") == [".gitattributes"]


def test_a_client_that_dies_while_it_sends_a_commit_was_not_heard(hub: LoopbackHub, api: HfApi) -> None:
    line = json.dumps({"key": "header", "value": {"summary": "x"}}).encode()
    target = f"/api/datasets/{SET}/commit/main"
    port = int(hub.endpoint.rpartition(":")[2])
    for framing, body in (("Content-Length: 500", line), ("Transfer-Encoding: chunked", b"1f4\r\n" + line)):
        head = (
            f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n{framing}"
        )
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"{head}\r\n\r\n".encode() + body)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
    assert api.list_repo_commits(SET, repo_type="dataset")[0].title == "initial commit"


ACTED = {"lost", "lost_reset", "late_500", "delay"}


@pytest.mark.parametrize("name", WRITE_FAULTS)
def test_a_fault_on_a_commit_or_a_tag_comes_before_or_after_the_deed(
    hub: LoopbackHub, api: HfApi, name: str
) -> None:
    hub.faults = FaultPlan([Rule(name, method="POST", path="/commit/"), Rule(name, path="/tag/")])
    broken = () if name == "delay" else (HfHubHTTPError, httpx2.TransportError)
    steps: tuple[tuple[Callable[[], object], Callable[[], bool]], ...] = (
        (lambda: commit(api, 3), lambda: len(hub.history(SET).commits) == 2),
        (lambda: api.create_tag(SET, tag=DATE, repo_type="dataset"), lambda: DATE in hub.history(SET).tags),
    )
    for act, done in steps:
        try:
            act()
        except broken:
            assert done() == (name in ACTED)
        else:
            assert name == "delay"
    assert [asked.fault for asked in hub.requests if asked.fault] == [name, name]


@pytest.mark.parametrize("name", ["reset", "500", "lost"])
def test_a_fault_on_an_upload_is_overcome_by_the_client(
    hub: LoopbackHub, api: HfApi, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
    hub.faults = FaultPlan([Rule(name, path="/preupload/|/objects/|^/upload/")])
    commit(api, 3)
    assert {asked.path.split("/")[1] for asked in hub.requests if asked.fault} == {
        "api",
        "datasets",
        "upload",
    }
    assert len(hub.history(SET).commits) == 2


LOAD = """
import json, sys
import datasets
datasets.disable_progress_bars()
for revision in sys.argv[2:]:
    for streaming in (False, True):
        try:
            rows = datasets.load_dataset(sys.argv[1], "families", revision=revision, split="train",
                                         streaming=streaming)
            print(json.dumps([revision, streaming, len(list(rows)), sorted(rows.features)]))
        except Exception as error:
            print(json.dumps([revision, streaming, type(error).__name__, str(error)]))
"""


def test_every_revision_loads_streaming_and_not(hub: LoopbackHub, api: HfApi, tmp_path: Path) -> None:
    first = head(api)
    older = commit(api, 3).oid
    api.create_tag(SET, tag=DATE, revision=older, repo_type="dataset")
    api.create_branch(SET, branch=f"date/{OLDER}", revision=first, repo_type="dataset")
    commit(api, 2, branch=f"date/{OLDER}")
    commit(api, 5)
    rows = {"main": 5, DATE: 3, f"date/{OLDER}": 2, older: 3}
    # A process of its own: the client reads its endpoint and caches once.
    environment = {
        **os.environ,
        "HF_ENDPOINT": hub.endpoint,
        "HF_HOME": str(tmp_path / "home"),
        "HF_HUB_DISABLE_XET": "1",
    }
    environment.pop("HF_TOKEN", None)
    done = subprocess.run(
        [sys.executable, "-c", LOAD, SET, *rows, "1999-01-01"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[:-2] == [
        [revision, streaming, count, ["n", "tags"]]
        for revision, count in rows.items()
        for streaming in (False, True)
    ]
    for _, _, error, message in told[-2:]:
        assert error == "DatasetNotFoundError"
        assert "Revision '1999-01-01' doesn't exist for dataset 'acme/set'" in message
    assert hub.leaks == ()


def test_a_space_is_made_with_what_it_is_and_holds_files_of_its_own(hub: LoopbackHub, tmp_path: Path) -> None:
    api = HfApi(hub.endpoint, token=TOKEN)
    unsaid = httpx2.post(
        f"{hub.endpoint}/api/repos/create",
        json={"name": "show", "organization": "acme", "type": "space"},
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    assert unsaid.status_code == 400
    api.create_repo("acme/show", repo_type="space", space_sdk="static")
    assert not api.repo_exists("acme/show", repo_type="dataset"), "a name of one kind is free in another"
    info = api.space_info("acme/show")
    assert info.sdk == "static"
    assert {file.rfilename for file in info.siblings or ()} == {
        *(".gitattributes", "README.md", "index.html", "style.css"),
    }
    large = bytes(11_000_000)
    api.create_commit(
        "acme/show",
        [CommitOperationAdd("data.js", large), CommitOperationDelete("style.css")],
        commit_message="Show",
        repo_type="space",
        parent_commit=info.sha,
    )
    got = api.hf_hub_download("acme/show", "data.js", repo_type="space", cache_dir=tmp_path)
    assert Path(got).read_bytes() == large
    assert "style.css" not in api.list_repo_files("acme/show", repo_type="space")
    assert hub.leaks == ()


@pytest.mark.parametrize(
    ("front_matter", "word"),
    [
        ("title: Show", "sdk"),
        ("sdk: static\ncolorFrom: mauve", "colorFrom"),
        (f"sdk: static\nshort_description: {'long' * 16}", "short_description"),
    ],
)
def test_a_card_that_is_none_of_a_space_is_refused(hub: LoopbackHub, front_matter: str, word: str) -> None:
    api = HfApi(hub.endpoint, token=TOKEN)
    api.create_repo("acme/show", repo_type="space", space_sdk="static")
    card = f"---\n{front_matter}\n---\n".encode()
    with pytest.raises(ValueError, match=word):
        api.upload_file(
            path_or_fileobj=card, path_in_repo="README.md", repo_id="acme/show", repo_type="space"
        )
