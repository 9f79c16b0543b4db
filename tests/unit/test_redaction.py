"""What a redacted repository leaves behind: nothing that names it, wherever it was mentioned."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import yaml

from builder.errors import EvidenceUnreadable
from builder.redaction import MASK, REASONS, SCOPES, Redactor, hash_id, read_redactions, render_entry

ID, OWNER = "Acme/Echo-7B", "Hermit"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(frozenset({hash_id(ID), hash_id("legacy-name")}), frozenset({hash_id(OWNER)}))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Acme/Echo-7B", MASK),
        ("acme/ECHO-7b", MASK),
        ("legacy-name", MASK),
        ("base_model:quantized:Acme/Echo-7B", f"base_model:quantized:{MASK}"),
        (
            "https://huggingface.co/acme/echo-7b/blob/main/x.md",
            f"https://huggingface.co/{MASK}/blob/main/x.md",
        ),
        ("hf.co/Acme/Echo-7B.", f"hf.co/{MASK}"),
        ("git@hf.co:Acme/Echo-7B.git", f"git@hf.co:{MASK}"),
        ("models%2FAcme%2FEcho-7B?x", f"models%2F{MASK}?x"),
        ("see Acme/Echo-7B and other/one", f"see {MASK} and other/one"),
        ("hermit/anything", MASK),
        ("Hermit", MASK),
        ("base_model:hermit/other", f"base_model:{MASK}"),
        # Others, which only look like it.
        ("Acme/Echo-7B-GGUF", "Acme/Echo-7B-GGUF"),
        ("other/Echo-7B", "other/Echo-7B"),
        ("my-Acme/Echo-7B", "my-Acme/Echo-7B"),
        ("a legacy-name in prose", "a legacy-name in prose"),
        ("hermits/one", "hermits/one"),
        ("", ""),
    ],
)
def test_a_mention_is_masked_and_a_namesake_is_not(redactor: Redactor, text: str, clean: str) -> None:
    assert redactor.clean(text) == clean
    assert redactor.mentions == (text != clean)


def test_mentions_are_masked_wherever_they_stand(redactor: Redactor) -> None:
    parts = {
        "list": {
            "baseModels": {"relation": "quantized", "models": [{"_id": "6" * 24, "id": ID}]},
            "tags": ["gguf", f"base_model:{ID}"],
            "likes": 3,
            "gated": False,
            "cardData": {"base_model": [ID.lower(), "other/one"], "license": None},
        }
    }
    clean = redactor.clean(parts)
    assert ID.lower() not in json.dumps(clean).lower()
    assert clean["list"]["cardData"]["base_model"] == [MASK, "other/one"], "it still has two bases"
    assert (clean["list"]["likes"], clean["list"]["gated"]) == (3, False)
    assert redactor.counts == {"rows": 0, "mentions": 3}


def test_records_are_skipped_and_those_in_scope_counted(redactor: Redactor) -> None:
    assert redactor.skip("acme/echo-7b", "member")
    assert redactor.skip("Acme/Echo-7B", "base")
    assert redactor.skip("Hermit/Any", "member")
    assert not redactor.skip("acme/echo-7b-gguf", "member")
    assert redactor.counts == {"rows": 2, "mentions": 0}
    redactor.start()
    assert redactor.counts == {"rows": 0, "mentions": 0}


def test_rows_that_are_about_it_go(redactor: Redactor) -> None:
    rows: list[dict[str, Any]] = [
        {"repo_id": "other/one", "target": ID, "source": "x"},
        {"repo_id": ID, "target": "", "source": "x"},
        {"repo_id": "legacy-name", "target": "", "source": "x"},
        {"repo_id": "other/one", "target": "", "source": f"https://huggingface.co/{ID}"},
        {"repo_id": "other/one", "target": "", "owner": "hermit", "count": 3},
    ]
    assert redactor.clean_rows(rows) == [
        {"repo_id": "other/one", "target": "", "source": f"https://huggingface.co/{MASK}"},
        {"repo_id": "other/one", "target": "", "owner": None, "count": 3},
    ]


def test_an_empty_list_changes_nothing() -> None:
    value = {"a": [ID]}
    assert Redactor().clean(value) is value
    assert not Redactor().hides(ID)


def test_the_list_is_read_as_it_is_printed() -> None:
    text = "redactions:\n" + render_entry(ID, "request", date(2026, 1, 7))
    text += render_entry(OWNER, "legal", date(2026, 1, 7))
    redactor = read_redactions(yaml.safe_load(text))
    assert (redactor.hides(ID), redactor.hides("Hermit/x"), redactor.hides("a/b")) == (True, True, False)
    assert ID.lower() not in text.lower()
    assert OWNER.lower() not in text.lower()


GOOD = {"sha256": "a" * 64, "scope": "repository", "reason": "secret", "since": "2026-01-07"}
BROKEN = {
    "no section": {},
    "no list": {"redactions": {}},
    "no hash": {"redactions": [GOOD | {"sha256": ID}]},
    "a scope that nobody knows": {"redactions": [GOOD | {"scope": "all"}]},
    "a reason that nobody knows": {"redactions": [GOOD | {"reason": "whim"}]},
    "no day": {"redactions": [GOOD | {"since": "yesterday"}]},
    "a field too many": {"redactions": [GOOD | {"repo_id": ID}]},
    "a field too few": {"redactions": [{"sha256": "a" * 64}]},
}


@pytest.mark.parametrize("document", BROKEN.values(), ids=BROKEN)
def test_a_broken_list_is_refused(document: object) -> None:
    with pytest.raises(EvidenceUnreadable, match=r"curated/redactions\.yaml"):
        read_redactions(document)


def test_what_may_stand_in_it_is_what_its_comment_says() -> None:
    assert (set(SCOPES), set(REASONS)) == ({"repository", "owner"}, {"request", "secret", "legal"})
