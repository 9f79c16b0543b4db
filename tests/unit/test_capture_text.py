"""Text from strangers: what cannot be seen goes, what must not be passed on is found."""

from __future__ import annotations

import pytest

from builder.capture.text import clean_text, holds_credential


@pytest.mark.parametrize(
    ("text", "cleaned", "found"),
    [
        ("plain", "plain", ()),
        ("größer 模型 🎧", "größer 模型 🎧", ()),
        ("", "", ()),
        ("a\x00b\x1b[31m", "ab[31m", ("control character",)),
        ("c1\x9bcontrol", "c1control", ("control character",)),
        ("apache-2.0\u202etxt.0", "apache-2.0txt.0", ("bidi control",)),
        ("left\u2066right\u2069", "leftright", ("bidi control",)),
        ("half \ud83d pair", "half  pair", ("lone surrogate",)),
        ("hidden\U000e0041\U000e0042", "hidden", ("tag character",)),
        ("\x00\u202e", "", ("control character", "bidi control")),
    ],
)
def test_invisible_characters_go_and_are_named(text: str, cleaned: str, found: tuple[str, ...]) -> None:
    assert clean_text(text) == (cleaned, found)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\t", "\u2028", "\x85", "\n\n\t"])
def test_words_around_a_line_break_stay_apart(line_break: str) -> None:
    assert clean_text(f"two{line_break}words") == ("two words", ("control character",))


# Put together here, so that no scanner takes this file for a leak.
RANDOM = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iLoR"


@pytest.mark.parametrize(
    "text",
    [
        "hf" + "_" + RANDOM,
        "see hf" + "_" + RANDOM + " in the card",
        "glued" + "hf" + "_" + RANDOM,
        "api_org" + "_" + RANDOM,
        "sk" + "-" + RANDOM,
        "sk" + "-proj-" + RANDOM,
        "ghp" + "_" + RANDOM,
        "github_pat" + "_" + RANDOM,
        "glpat" + "-" + RANDOM[:20],
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AIza" + "SyA" + RANDOM[:32],
        "xoxb" + "-" + "1234567890-abcdef",
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0." + RANDOM,
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "https://user:" + "secret@host.example/model",
    ],
)
def test_credentials_are_found(text: str) -> None:
    assert holds_credential(text)


@pytest.mark.parametrize(
    "text",
    [
        "mistralai/Voxtral-Mini-3B-2507",
        "org/sk-wav2vec2-large-xlsr-53-slovak-commonvoice-v2",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "hf_small",
        "org/risk-" + RANDOM,
        "https://huggingface.co/org/model?doi=true",
        "https://example.org:8080/licence",
        "0123456789abcdef0123456789abcdef01234567",
    ],
)
def test_names_links_and_hashes_are_not_taken_for_credentials(text: str) -> None:
    assert not holds_credential(text)
