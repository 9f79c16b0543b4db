"""The real client against the Hub of tests/hub: what the tests of capture and publishing stand on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import (
    BadRequestError,
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.hub.catalogue import Repository, SparseFile
from tests.hub.faults import ALWAYS, FAULTS, Fault, FaultPlan, Rule
from tests.hub.server import LoopbackHub

ROOT = Path(__file__).resolve().parents[2]
ECHO = "acme/Echo-7B"
HEADER = b"\x02\x00\x00\x00\x00\x00\x00\x00{}"
WEIGHTS = SparseFile(HEADER, 15 * 10**9, tail=b"end")
CONFIG = {"model_type": "voxtral", "architectures": ["VoxtralForConditionalGeneration"], "hidden_size": 8}
TOKEN, READ_TOKEN = "hf_write", "hf_read"

CATALOGUE = (
    Repository(
        ECHO,
        {"config.json": json.dumps(CONFIG).encode(), "model.safetensors": WEIGHTS, "sub/a/b.txt": b"deep"},
        pipeline_tag="audio-text-to-text",
        library_name="transformers",
        card_data={"license": "mit", "language": ["en", "de"]},
        safetensors={"parameters": {"BF16": 7_500_000_000}, "total": 7_500_000_000},
        downloads=40,
        trending_score=3,
    ),
    Repository(
        "quants/Echo-7B-GGUF",
        {"Echo-Q4_K_M.gguf": SparseFile(b"GGUF", 5 * 10**9)},
        pipeline_tag="audio-text-to-text",
        base_models=("ACME/echo-7b", "gone/Nowhere"),
        relation="quantized",
        downloads=50,
    ),
    Repository("solo", pipeline_tag="audio-text-to-text"),
    Repository(
        "acme/Shut",
        {"config.json": b"{}"},
        pipeline_tag="any-to-any",
        gated="manual",
        renamed_from=("acme/Once",),
    ),
    Repository("acme/Hidden", private=True),
    Repository("acme/Off", disabled=True),
    *(Repository(f"bulk/asr-{n:04}", pipeline_tag="automatic-speech-recognition") for n in range(2300)),
)


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(CATALOGUE, token=TOKEN, read_token=READ_TOKEN) as hub:
        yield hub


@pytest.fixture
def api(hub: LoopbackHub) -> HfApi:
    return HfApi(hub.endpoint, token=False)


PLAIN = httpx2.Client(verify=False, timeout=10)
"""A client that knows nothing of the Hub: making one takes a tenth of a second, so all tests share it."""


@pytest.fixture(scope="module", autouse=True)
def plain_client_ends() -> Iterator[None]:
    with PLAIN:
        yield


def get(hub: LoopbackHub, target: str) -> httpx2.Response:
    return PLAIN.get(hub.endpoint + target)


def test_a_list_comes_in_pages_that_only_a_link_joins(hub: LoopbackHub, api: HfApi) -> None:
    listed = list(api.list_models(pipeline_tag="automatic-speech-recognition", expand=["sha", "tags"]))
    assert [model.id for model in listed] == [f"bulk/asr-{n:04}" for n in range(2300)]
    assert len([asked for asked in hub.requests if asked.path == "/api/models"]) == 3
    assert hub.counts["api"] == 3


def test_a_row_with_expand_has_only_what_was_asked_for(hub: LoopbackHub) -> None:
    rows = get(hub, "/api/models?filter=voxtral&expand[]=gated&expand=gguf&expand[]=baseModels").json()
    assert rows == [
        {"_id": CATALOGUE[0].hub_id, "id": ECHO, "gated": False, "baseModels": None},
    ]


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("", set()),
        ("&full=true", {"author", "gated", "lastModified", "sha", "siblings"}),
        ("&cardData=true&config=1", {"cardData", "config"}),
    ],
)
def test_a_row_without_expand_has_what_the_hub_gives(hub: LoopbackHub, query: str, more: set[str]) -> None:
    bare = {"_id", "id", "modelId", "likes", "private", "downloads", "tags", "createdAt", "trendingScore"}
    (row,) = get(hub, f"/api/models?filter=voxtral{query}").json()
    assert set(row) == {*bare, "pipeline_tag", "library_name", *more}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("filter=audio-text-to-text&filter=gguf", ["quants/Echo-7B-GGUF"]),
        ("filter=base_model:quantized:ACME/echo-7b", ["quants/Echo-7B-GGUF"]),
        ("pipeline_tag=audio-text-to-text&sort=downloads", ["quants/Echo-7B-GGUF", ECHO, "solo"]),
        ("pipeline_tag=audio-text-to-text", [ECHO, "quants/Echo-7B-GGUF", "solo"]),
        ("pipeline_tag=audio-text-to-text&sort=downloads&direction=1", ["solo", ECHO, "quants/Echo-7B-GGUF"]),
        ("author=ACME&gated=true", ["acme/Shut"]),
        ("search=echo&limit=1", [ECHO]),
        ("filter=nothing", []),
    ],
)
def test_a_list_holds_what_matches_in_its_order(hub: LoopbackHub, query: str, ids: list[str]) -> None:
    assert [row["id"] for row in get(hub, f"/api/models?{query}").json()] == ids


@pytest.mark.parametrize("name", ["usedStorage", "childrenModelCount", "evalResults", "nonsense"])
def test_one_unknown_expand_refuses_the_page_and_says_what_is_known(hub: LoopbackHub, name: str) -> None:
    hub.routes.refused_expand = frozenset({"evalResults"})
    answer = get(hub, f"/api/models?expand=author&expand={name}")
    assert answer.status_code == 400
    message = answer.json()["error"]
    assert f'"{name}"' not in message
    assert '"author"|"baseModels"' in message
    assert message.endswith("at expand[1]")
    with pytest.raises(BadRequestError):
        list(HfApi(hub.endpoint, token=False).list_models(expand=["author", name]))  # type: ignore[list-item] # as wrong as meant


def test_a_detail_call_gives_sizes_hashes_and_what_lists_refuse(api: HfApi) -> None:
    model = api.model_info("ACME/echo-7b", files_metadata=True)
    assert (model.id, model.sha) == (ECHO, CATALOGUE[0].head)
    assert model.card_data is not None
    assert model.card_data["license"] == "mit"
    assert model.config == {key: CONFIG[key] for key in ("architectures", "model_type")}
    assert model.safetensors is not None
    assert model.safetensors.total == 7_500_000_000
    held = {file.rfilename: file for file in model.siblings or ()}
    assert list(held) == [".gitattributes", "README.md", "config.json", "model.safetensors", "sub/a/b.txt"]
    assert held["model.safetensors"].size == WEIGHTS.size
    assert held["model.safetensors"].lfs is not None
    assert held["model.safetensors"].lfs["sha256"] == WEIGHTS.sha256
    assert held["config.json"].lfs is None
    more = api.model_info(ECHO, expand=["childrenModelCount", "usedStorage", "downloadsAllTime"])
    assert more.used_storage == sum(blob.size for blob in CATALOGUE[0].blobs.values())
    assert more.sha is None


def test_the_hub_resolves_the_bases_that_a_card_declares(api: HfApi) -> None:
    # The client's annotation says a list of names.
    base: object = api.model_info("quants/Echo-7B-GGUF", expand=["baseModels"]).base_models
    assert base == {"relation": "quantized", "models": [{"_id": CATALOGUE[0].hub_id, "id": ECHO}]}


def test_a_tree_is_paged_and_walked(hub: LoopbackHub, api: HfApi) -> None:
    hub.routes.tree_entries = 2
    top = [entry.path for entry in api.list_repo_tree(ECHO)]
    assert top == [".gitattributes", "README.md", "config.json", "model.safetensors", "sub"]
    deep = list(api.list_repo_tree(ECHO, "sub", recursive=True, expand=True, revision=CATALOGUE[0].head))
    assert [entry.path for entry in deep] == ["sub/a", "sub/a/b.txt"]
    assert deep[1].last_commit is not None
    assert deep[1].last_commit.oid == CATALOGUE[0].head
    with pytest.raises(RemoteEntryNotFoundError):
        list(api.list_repo_tree(ECHO, "nowhere"))
    known = api.get_paths_info(ECHO, ["config.json", "sub", "absent"])
    assert [entry.path for entry in known] == ["config.json", "sub"]


def test_a_model_has_one_branch_and_one_commit_to_show(api: HfApi) -> None:
    refs = api.list_repo_refs(ECHO)
    assert [(ref.name, ref.target_commit) for ref in refs.branches] == [("main", CATALOGUE[0].head)]
    assert refs.tags == []
    assert [commit.commit_id for commit in api.list_repo_commits(ECHO)] == [CATALOGUE[0].head]


def test_a_small_file_lies_one_redirect_away_on_the_same_host(
    hub: LoopbackHub, api: HfApi, tmp_path: Path
) -> None:
    path = api.hf_hub_download(ECHO, "sub/a/b.txt", cache_dir=tmp_path)
    assert Path(path).read_bytes() == b"deep"
    answer = get(hub, f"/{ECHO}/resolve/main/sub/a/b.txt")
    assert (answer.status_code, answer.headers["X-Repo-Commit"]) == (307, CATALOGUE[0].head)
    assert answer.headers["Location"] == (f"/api/resolve-cache/models/{ECHO}/{CATALOGUE[0].head}/sub/a/b.txt")
    assert set(hub.counts) == {"resolvers"} | ({"other"} & set(hub.counts))


def test_a_large_file_lies_on_another_host_which_gets_no_token(hub: LoopbackHub, tmp_path: Path) -> None:
    api = HfApi(hub.endpoint, token=READ_TOKEN)
    small = Repository("acme/Tiny", {"model.safetensors": HEADER})
    hub.replace(small)
    path = api.hf_hub_download("acme/Tiny", "model.safetensors", cache_dir=tmp_path)
    assert Path(path).read_bytes() == HEADER
    (fetched,) = (asked for asked in hub.requests if asked.bucket == "cdn")
    assert (fetched.host, fetched.authorized) == ("localhost", False)
    assert hub.leaks == ()
    file = get_hf_file_metadata(hf_hub_url(ECHO, "model.safetensors", endpoint=hub.endpoint))
    assert (file.size, file.etag, file.commit_hash) == (WEIGHTS.size, WEIGHTS.sha256, CATALOGUE[0].head)
    answer = PLAIN.get(file.location, headers={"Authorization": f"Bearer {TOKEN}", "Range": "bytes=0-9"})
    assert answer.status_code == 400
    assert len(hub.leaks) == 1


@pytest.mark.parametrize(
    ("asked", "status", "content", "stated"),
    [
        ("bytes=0-9", 206, HEADER, f"bytes 0-9/{WEIGHTS.size}"),
        ("bytes=8-11", 206, b"{}\0\0", f"bytes 8-11/{WEIGHTS.size}"),
        ("bytes=-5", 206, b"\0\0end", f"bytes {WEIGHTS.size - 5}-{WEIGHTS.size - 1}/{WEIGHTS.size}"),
        (f"bytes={WEIGHTS.size - 2}-", 206, b"nd", None),
        (f"bytes={WEIGHTS.size}-", 416, None, f"bytes */{WEIGHTS.size}"),
    ],
)
def test_a_part_of_a_file_of_gigabytes_is_served(
    hub: LoopbackHub, asked: str, status: int, content: bytes | None, stated: str | None
) -> None:
    url = f"{hub.endpoint}/{ECHO}/resolve/main/model.safetensors"
    answer = PLAIN.get(url, headers={"Range": asked}, follow_redirects=True)
    assert answer.status_code == status
    assert content is None or answer.content == content
    assert stated is None or answer.headers["Content-Range"] == stated


def test_a_renamed_repository_answers_under_its_old_name(hub: LoopbackHub, api: HfApi) -> None:
    assert api.model_info("acme/Once").id == "acme/Shut"
    hub.rename(ECHO, "acme/Echo-2")
    answer = get(hub, f"/api/models/{ECHO}/revision/main?blobs=true")
    assert answer.status_code == 307
    assert answer.headers["Location"] == "/api/models/acme/Echo-2/revision/main?blobs=true"
    model = api.model_info(ECHO)
    assert (model.id, model.sha) == ("acme/Echo-2", CATALOGUE[0].head)
    assert get_hf_file_metadata(hf_hub_url(ECHO, "config.json", endpoint=hub.endpoint)).size


def test_each_refusal_is_the_client_s_own_error(hub: LoopbackHub, api: HfApi, tmp_path: Path) -> None:
    for absent in ("acme/Nowhere", "acme/Hidden"):
        with pytest.raises(RepositoryNotFoundError, match="401 Client Error"):
            api.model_info(absent)
    reader = HfApi(hub.endpoint, token=READ_TOKEN)
    assert reader.model_info("acme/Hidden").private
    with pytest.raises(RepositoryNotFoundError, match="404 Client Error"):
        reader.model_info("acme/Nowhere")
    with pytest.raises(DisabledRepoError):
        api.model_info("acme/Off")
    with pytest.raises(RevisionNotFoundError):
        api.model_info(ECHO, revision="2020-01-01")
    with pytest.raises(RemoteEntryNotFoundError):
        api.hf_hub_download(ECHO, "absent.json", cache_dir=tmp_path)
    assert reader.whoami()["auth"]["accessToken"]["role"] == "read"
    with pytest.raises(HfHubHTTPError, match="Invalid credentials"):
        HfApi(hub.endpoint, token="hf_unknown").model_info(ECHO)  # noqa: S106 - known to nobody


def test_a_gated_repository_shows_its_facts_and_not_its_files(api: HfApi, tmp_path: Path) -> None:
    model = api.model_info("acme/Shut", files_metadata=True)
    assert (model.gated, len(model.siblings or ())) == ("manual", 2)
    for token, status in ((False, 401), (READ_TOKEN, 403)):
        with pytest.raises(GatedRepoError, match=f"{status} Client Error"):
            api.hf_hub_download("acme/Shut", "config.json", token=token, cache_dir=tmp_path)
    with LoopbackHub(CATALOGUE, token=TOKEN, granted=["acme/Shut"]) as open_hub:
        granted = HfApi(open_hub.endpoint, token=TOKEN)
        path = granted.hf_hub_download("acme/Shut", "config.json", cache_dir=tmp_path)
        assert Path(path).read_bytes() == b"{}"


def test_every_answer_states_the_quota_and_a_used_up_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", wait)
    with LoopbackHub(CATALOGUE, api_quota=2, window_s=300, clock=lambda: now[0]) as hub:
        wait(132.5)
        answers = [get(hub, f"/api/models/{ECHO}") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer.headers["ratelimit"] for answer in answers] == [
            f'"api";r={n};t=168' for n in (1, 0, 0)
        ]
        assert answers[0].headers["ratelimit-policy"] == '"fixed window";"api";q=2;w=300'
        resolved = get(hub, f"/{ECHO}/resolve/main/config.json")
        assert resolved.headers["ratelimit"] == '"resolvers";r=2999;t=168'
        # The client reads when the next window begins, waits for it and goes on.
        listed = HfApi(hub.endpoint, token=False).list_models(filter="automatic-speech-recognition")
        assert len(list(listed)) == 2300
        assert now[0] == 1000 + 132.5 + 169 + 299 + 1
        assert [asked.status for asked in hub.requests if asked.path == "/api/models"] == [
            *(429, 200, 200, 429, 200),
        ]


def test_a_list_that_shifts_while_it_is_read_has_gaps_or_repeats(hub: LoopbackHub, api: HfApi) -> None:
    everything = {f"bulk/asr-{n:04}" for n in range(2300)}
    for name, seen in (("shift_gap", 2297), ("shift_repeat", 2297)):
        hub.faults = FaultPlan([Rule(name, nth=1)])
        listed = [model.id for model in api.list_models(pipeline_tag="automatic-speech-recognition")]
        assert len(listed) == 2300
        assert len(set(listed)) == seen
        assert set(listed) < everything
    # Nothing moves any more: a second pass finds what the first missed.
    assert {model.id for model in api.list_models(pipeline_tag="automatic-speech-recognition")} == everything


def outcome(hub: LoopbackHub) -> str:
    """What a plain client makes of one answer."""
    try:
        answer = PLAIN.get(f"{hub.endpoint}/api/models?limit=5&search=acme&cursor=cm93OjA=")
        return f"{answer.status_code} {type(answer.json()).__name__}"
    except (httpx2.TransportError, ValueError) as error:
        return type(error).__name__


BROKEN = {
    "429": "429 dict",
    "500": "500 dict",
    "502": "502 dict",
    "504": "504 dict",
    "reset": "ReadError",
    "closed": "RemoteProtocolError",
    "delay": "200 list",
    "drip": "200 list",
    "truncated": "RemoteProtocolError",
    "wrong_type": "200 list",
    "length_too_small": "JSONDecodeError",
    "length_too_large": "RemoteProtocolError",
    "html": "JSONDecodeError",
    "broken_json": "JSONDecodeError",
    "foreign_link": "200 list",
    "foreign_redirect": "JSONDecodeError",
    "wrong_redirect": "JSONDecodeError",
    "shift_gap": "200 list",
    "shift_repeat": "200 list",
    "lost": "RemoteProtocolError",
    "lost_reset": "ReadError",
    "late_500": "500 dict",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_strikes_a_request_once_and_then_lets_it_through(hub: LoopbackHub, name: str) -> None:
    hub.faults = FaultPlan([Rule(name, path="^/api/models")])
    assert [outcome(hub) for _ in range(3)] == [BROKEN[name], "200 list", "200 list"]
    assert [asked.fault for asked in hub.requests] == [name, None, None]
    hub.faults = FaultPlan([Rule(name, per_request=ALWAYS)])
    assert {outcome(hub) for _ in range(3)} == {BROKEN[name]}


def test_a_forged_link_or_redirect_leads_to_another_host_that_says_who_showed_a_token(
    hub: LoopbackHub,
) -> None:
    hub.faults = FaultPlan([Rule("foreign_link", total=1), Rule("foreign_redirect", path="/api/models/")])
    answer = get(hub, "/api/models?limit=1")
    led_to = answer.links["next"]["url"]
    assert led_to.startswith("http://localhost:")
    assert PLAIN.get(led_to, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 400
    assert len(hub.leaks) == 1
    assert PLAIN.get(led_to).json() == []
    strayed = PLAIN.get(f"{hub.endpoint}/api/models/{ECHO}", follow_redirects=True)
    assert (strayed.url.host, strayed.json()["id"]) == ("localhost", "elsewhere/elsewhere")


def test_a_rule_can_wait_for_the_nth_request_and_a_fault_can_be_one_s_own(hub: LoopbackHub) -> None:
    teapot = Fault(status=418)
    hub.faults = FaultPlan([Rule(teapot, method="GET", path="full=true", nth=2)])
    statuses = [get(hub, f"/api/models?limit=1&full=true&search={n}").status_code for n in range(3)]
    assert statuses == [200, 418, 200]


def test_a_schedule_by_seed_can_be_repeated_and_lets_each_request_through_at_last(hub: LoopbackHub) -> None:
    targets = [f"/api/models/{repo.repo_id}" for repo in CATALOGUE[-20:]]

    def run(seed: int) -> list[list[int]]:
        hub.faults = FaultPlan.by_chance(seed, 0.5, ("500", "502", "504"), per_request=2)
        return [[get(hub, target).status_code for _ in range(3)] for target in targets]

    first = run(1)
    assert run(1) == first != run(2)
    assert {statuses[-1] for statuses in first} == {200}
    assert {status for statuses in first for status in statuses} == {200, 500, 502, 504}


def test_the_catalogue_can_become_that_of_another_date(hub: LoopbackHub, api: HfApi) -> None:
    echo, quant, *_ = CATALOGUE
    newer = Repository(ECHO, {**echo.files, "new.bin": b"x"}, hub_id=echo.hub_id)
    renamed = quant.renamed("quants/Echo-GGUF")
    hub.replace_all([newer, renamed, Repository("acme/Fresh")])
    assert {model.id for model in api.list_models()} == {ECHO, "quants/Echo-GGUF", "acme/Fresh"}
    assert api.model_info(ECHO).sha == newer.head != echo.head
    old = api.model_info(ECHO, revision=echo.head)
    assert "new.bin" not in {file.rfilename for file in old.siblings or ()}
    assert api.model_info(quant.repo_id).id == "quants/Echo-GGUF"
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("solo")


def test_the_demo_hub_says_how_to_reach_it_and_serves() -> None:
    command = [sys.executable, "-m", "tests.hub", "--date", "2026-02-07"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            said = dict(pair.split("=", 1) for pair in process.stdout.readline().split()[1:])
            assert said["HF_HUB_DISABLE_XET"] == "1"
            api = HfApi(said["HF_ENDPOINT"], token=said["HF_TOKEN"])
            assert api.whoami()["auth"]["accessToken"]["role"] == "write"
            renamed = api.model_info("demo-quants/Echo-7B-AWQ")
            assert renamed.id == "demo-quants/Echo-7B-Instruct-AWQ"
            assert {model.id for model in api.list_models(filter="gemma3n")} == {"demo-labs/Gem-4B"}
        finally:
            process.terminate()
