"""Makes the JSON of a repository as the Hub's calls show it: list row, detail, and what `expand` names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.hub.catalogue import Kind, Repository
from tests.hub.content import Blob
from tests.hub.wire import Refused
from tests.hub.world import Revision, World

EXPANDABLE = (
    *("author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled"),
    *("downloads", "downloadsAllTime", "evalResults", "gated", "gguf", "inference"),
    *("inferenceProviderMapping", "lastModified", "library_name", "likes", "mask_token", "model-index"),
    *("pipeline_tag", "private", "resourceGroup", "safetensors", "sha", "siblings", "spaces", "tags"),
    *("transformersInfo", "trendingScore", "usedStorage", "widgetData", "xetEnabled"),
)
"""What a detail call can be asked for."""

DETAIL_ONLY = frozenset({"childrenModelCount", "usedStorage"})
"""What the list route refuses of it."""

DATASET_EXPANDABLE = (
    *("author", "cardData", "citation", "createdAt", "description", "disabled", "downloads"),
    *("downloadsAllTime", "gated", "lastModified", "likes", "mainSize", "paperswithcode_id", "private"),
    *("resourceGroup", "sha", "siblings", "tags", "trendingScore", "usedStorage", "xetEnabled"),
)
DATASET_DETAIL = (
    *("_id", "id", "author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "tags"),
    *("downloads", "likes", "cardData", "siblings", "usedStorage"),
)

BARE = ("_id", "id", "modelId", "likes", "private", "downloads", "tags", "pipeline_tag", "library_name")
LISTED = (*BARE, "createdAt", "trendingScore")
FULL = (*LISTED, "author", "gated", "lastModified", "sha", "siblings")
DETAIL = (
    *(*BARE, "author", "sha", "lastModified", "createdAt", "disabled", "gated", "model-index", "config"),
    *("cardData", "transformersInfo", "siblings", "spaces", "safetensors", "gguf", "widgetData"),
    *("mask_token", "inference", "usedStorage"),
)

SPACE_EXPANDABLE = (
    *("author", "cardData", "createdAt", "datasets", "disabled", "lastModified", "likes", "models"),
    *("private", "region", "resourceGroup", "runtime", "sdk", "sha", "siblings", "subdomain", "tags"),
    *("trendingScore", "usedStorage"),
)
SPACE_DETAIL = (
    *("_id", "id", "author", "sha", "lastModified", "createdAt", "private", "disabled", "tags", "likes"),
    *("cardData", "sdk", "runtime", "subdomain", "datasets", "siblings", "usedStorage"),
)

FIELDS: Mapping[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "model": (EXPANDABLE, DETAIL),
    "dataset": (DATASET_EXPANDABLE, DATASET_DETAIL),
    "space": (SPACE_EXPANDABLE, SPACE_DETAIL),
}
"""By kind: what a detail call can be asked for, and what it shows unasked."""

Row = dict[str, Any]


def siblings(blobs: Mapping[str, Blob], *, sized: bool) -> list[Row]:
    """Files as the detail call lists them: names, and with `blobs=true` sizes and hashes."""
    if not sized:
        return [{"rfilename": path} for path in blobs]
    return [
        {
            "rfilename": path,
            "size": blob.size,
            "blobId": blob.oid,
            **({"lfs": {"sha256": blob.sha256, "size": blob.size, "pointerSize": len(blob.pointer)}}
               if blob.lfs else {}),
        }
        for path, blob in blobs.items()
    ]  # fmt: skip


def row_of(world: World, revision: Revision, names: Sequence[str], *, sized: bool = False) -> Row:
    """The named fields of a repository, those that it has."""
    repo = revision.repository
    made: Row = {
        "_id": repo.hub_id,
        "id": repo.repo_id,
        "modelId": repo.repo_id,
        "author": repo.author,
        "sha": revision.sha,
        "createdAt": repo.created_at,
        "lastModified": repo.last_modified,
        "private": repo.private,
        "disabled": repo.disabled,
        "gated": repo.gated,
        "pipeline_tag": repo.pipeline_tag,
        "library_name": repo.library_name,
        "tags": list(repo.shown_tags) if "tags" in names else None,
        "downloads": repo.downloads,
        "downloadsAllTime": repo.downloads_all_time,
        "likes": repo.likes,
        "trendingScore": repo.trending_score,
        "cardData": repo.card,
        "config": repo.shown_config,
        "safetensors": repo.safetensors,
        "gguf": repo.gguf,
        "evalResults": repo.eval_results,
        "usedStorage": repo.storage if "usedStorage" in names else None,
        "spaces": [],
        "xetEnabled": True,
    }
    if repo.kind == "space":
        made |= _space_fields(repo)
    shown = {name: made[name] for name in names if made.get(name) is not None}
    if "siblings" in names:
        shown["siblings"] = siblings(revision.blobs, sized=sized)
    if "baseModels" in names:
        shown["baseModels"] = _base_models(world, repo.base_models, repo.relation)
    if "childrenModelCount" in names:
        counted = repo.children_model_count
        shown["childrenModelCount"] = _children(world, repo.repo_id) if counted is None else dict(counted)
    if "model-index" in names:
        shown["model-index"] = None
    for name, value in repo.extra.items():
        if value is ...:
            shown.pop(name, None)
        elif name in names or (names is DETAIL and name not in EXPANDABLE):
            shown[name] = value
    return shown


def _space_fields(repo: Repository) -> Row:
    """What a Space has beside: all of it from its card, as the Hub reads it."""
    card = repo.card or {}
    sdk = card.get("sdk")
    return {
        "sdk": sdk,
        "runtime": {"stage": "RUNNING" if sdk == "static" else "NO_APP_FILE", "hardware": None},
        "subdomain": repo.repo_id.replace("/", "-").replace(".", "-").lower(),
        "datasets": card.get("datasets"),
    }


def check_expand(names: Sequence[str], accepted: Sequence[str]) -> None:
    """Hold `expand` to what a route accepts.

    Raises:
        Refused: one name is not accepted, so nothing is answered; the message lists those that are.
    """
    for place, name in enumerate(names):
        if name not in accepted:
            options = "|".join(f'"{option}"' for option in accepted)
            raise Refused(400, f"✖ Invalid option: expected one of {options}\n  → at expand[{place}]")


def _base_models(world: World, declared: Sequence[str], relation: str | None) -> Row | None:
    """What the Hub makes of the declared bases: renames followed, unknown ones dropped."""
    found = {repo.repo_id: repo.hub_id for repo in map(world.current, declared) if repo}
    models = [{"_id": hub_id, "id": base} for base, hub_id in found.items()]
    if not models:
        return None
    merged = "merge" if len(models) > 1 else "finetune"
    return {"relation": relation or merged, "models": models}


def _children(world: World, repo_id: str) -> dict[str, int]:
    """How many repositories name this one as their base, by relation."""
    counted = Counter(
        repo.relation or "finetune" for repo in world.all("model") if repo_id in repo.base_models
    )
    return {relation: counted[relation] for relation in ("adapter", "merge", "quantized", "finetune")}
