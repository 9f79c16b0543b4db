"""The card of the Space that shows the page: its front matter, which the Hub reads, and a few words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

TITLE: Final = "Choose an audio-language model"
SUMMARY: Final = "What fits your memory, audio, language and licence"
"""The Hub takes at most 60 characters."""

_UNNAMED: Final = "NAMESPACE/"
"""Owner of the dataset repository until somebody writes one into params.yaml."""


def render_space_card(dates: Sequence[str], repository: str) -> str:
    """README.md of the Space.

    Args:
        dates: what the page shows, newest first.
        repository: the dataset repository that it was made from.
    """
    published = not repository.startswith(_UNNAMED)
    fields: dict[str, Any] = {
        "title": TITLE,
        "emoji": "🎧",
        "colorFrom": "blue",
        "colorTo": "gray",
        "sdk": "static",
        "app_file": "index.html",
        "pinned": False,
        "license": "odc-by",
        "short_description": SUMMARY,
        **({"datasets": [repository]} if published else {}),
    }
    # Every JSON value is YAML.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    source = f"[{repository}](https://huggingface.co/datasets/{repository})" if published else "this project"
    words = (
        f"Audio-language models as the Hugging Face Hub had them on {', '.join(dates)}, from the tables of "
        f"{source}.\n\n"
        "`builder publish-page` sends this page and replaces what is edited here by hand. It sets no cookie, "
        "counts nobody and asks no other server for anything.\n"
    )
    return "\n".join(["---", *lines, "---", "", f"# {TITLE}", "", words])
