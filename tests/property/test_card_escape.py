"""Hostile text on the card is read and does nothing, whatever it is and wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from builder.card.escape import HUB, escape_markdown, link_repository, visible, write_term
from builder.card.facts import CardFacts, TableFacts, collect_facts
from builder.card.render import render_card
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

if TYPE_CHECKING:
    from markdown_it.token import Token

TEMPLATE = (Path(__file__).parents[2] / "dataset_card.md").read_text(encoding="utf-8")
WORST = "]|<script>`$(x)`\n---\n"
SNIPPETS = (
    *(
        "](javascript:x)",
        "[a](b)",
        "![",
        "<script>",
        "<!--",
        "</details>",
        "&lt;",
        "&#60;",
        "|",
        "||",
        "`",
        "``",
        "```",
    ),
    *(
        "\n---\n",
        "\n\n",
        "\r",
        "# ",
        "- ",
        "1. ",
        "1) ",
        "+ ",
        "> ",
        "===",
        "***",
        "__a__",
        "~~",
        "~~~",
        "\\",
        "\\|",
    ),
    *(
        "\\\\(",
        "$$",
        "{{ facts }}",
        "{% raw %}",
        "http://x.y",
        "www.x.y",
        "a@b.cd",
        ":x:",
        "\u202e",
        "\u200b",
        "\x00",
    ),
    *("\u2028", "\ud800", "    x", "\t", "!", "@x", "'", '"', "=", "\x85", "://", "a:b", "é", "漢"),
)
hostile = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=4), max_size=8).map("".join),
)
HARMLESS = re.compile(r"(?:[A-Za-z0-9 .,;()'%+:/-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|&#\d+;|[^\x00-\x7f])*")
parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def inline_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def text_of(tokens: list[Token]) -> str:
    return "".join(token.content for token in inline_tokens(tokens))


@given(hostile)
@example(WORST)
def test_escaped_text_is_one_line_without_markup(text: str) -> None:
    escaped = escape_markdown(text)
    assert HARMLESS.fullmatch(escaped)
    escaped.encode("utf-8")


@given(hostile)
@example(WORST)
@example("1. x")
@example("-")
@example("+ x")
def test_escaped_text_at_the_start_of_a_line_is_a_paragraph_of_itself(text: str) -> None:
    tokens = parser.parse(escape_markdown(text))
    if visible(text):
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {token.type for token in inline_tokens(tokens)} <= {"text"}
    # CommonMark itself takes the white space at the ends of a paragraph away.
    assert text_of(tokens) == visible(text).strip()


@given(hostile, hostile)
@example(WORST, WORST)
def test_escaped_text_stays_in_its_cell(one: str, other: str) -> None:
    row = f"| {escape_markdown(one)} | {escape_markdown(other)} | end |"
    tokens = parser.parse(f"| a | b | c |\n|---|---|---|\n{row}\n")
    cells = [token for token in tokens if token.type == "inline"][3:]
    assert [text_of([cell]) for cell in cells] == [visible(one).strip(), visible(other).strip(), "end"]


@given(hostile)
@example(WORST)
def test_escaped_text_cannot_leave_bold_or_quotes(text: str) -> None:
    tokens = parser.parse(f"x **{escape_markdown('a' + text + 'z')}** y")
    kinds = [token.type for token in inline_tokens(tokens)]
    assert kinds == ["text", "strong_open", "text", "strong_close", "text"]


@given(hostile, hostile)
@example(WORST, WORST)
@example("owner/..", "x")
@example("javascript:x", "x")
def test_a_link_leads_to_the_hub_or_nowhere(repo_id: str, label: str) -> None:
    tokens = parser.parse(f"before {link_repository(repo_id, label)} after")
    links = [token for token in inline_tokens(tokens) if token.type == "link_open"]
    assert {token.type for token in inline_tokens(tokens)} <= {"text", "link_open", "link_close"}
    assert all(str(token.attrs["href"]).startswith(HUB) for token in links)
    assert all(".." not in str(token.attrs["href"]).split("/") for token in links)
    # A label of nothing leaves two spaces behind, which Markdown keeps.
    assert text_of(tokens).split() == f"before {visible(label)} after".split()


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", fullmatch=True))
def test_a_repository_that_the_hub_can_have_is_linked(repo_id: str) -> None:
    tokens = parser.parse(f"x {link_repository(repo_id)}")
    link = next(token for token in inline_tokens(tokens) if token.type == "link_open")
    assert link.attrs["href"] == HUB + repo_id


@given(hostile)
@example("`")
@example("a` b")
def test_a_code_span_holds_a_word_or_is_none(text: str) -> None:
    written = write_term(text)
    tokens = parser.parse(f"x {written} y")
    assert {token.type for token in inline_tokens(tokens)} <= {"text", "code_inline"}
    assert text_of(tokens).split() == f"x {visible(text)} y".split()


@cache
def _facts() -> CardFacts:
    frames = to_frames(tiny_rows())
    facts = collect_facts(frames, to_manifest(frames), PARAMS)
    return replace(facts, previous_snapshot_date="2025-11-07", drift_reason="a query was added")


def poisoned(value: Any, text: str) -> Any:  # noqa: ANN401 - any fact
    """The same facts with `text` in place of every text, except what code blocks may rely on."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(poisoned(item, text) for item in value)
    if isinstance(value, TableFacts):
        return replace(
            value, content_sha256=text, empty_because=text, void_columns=(text,), sparse_columns=(text,)
        )
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"snapshot_date", "schema_version", "repository"}
        names = [field.name for field in fields(value) if field.name not in kept]
        return replace(value, **{name: poisoned(getattr(value, name), text) for name in names})
    return value


def render_poisoned(text: str) -> tuple[str, str]:
    """Front matter and body of a card whose every fact is `text`."""
    card = render_card(TEMPLATE, poisoned(_facts(), text))
    _, front_matter, body = re.split(r"(?m)^---$\n", card, maxsplit=2)
    return front_matter, body


def skeleton(tokens: list[Token]) -> list[tuple[str, str]]:
    return [(token.type, token.content if token.type in {"fence", "html_block"} else "") for token in tokens]


@cache
def _plain() -> tuple[str, list[tuple[str, str]], list[str]]:
    front_matter, body = render_poisoned("word")
    tokens = parser.parse(body)
    return front_matter, skeleton(tokens), hrefs(tokens)


def hrefs(tokens: list[Token]) -> list[str]:
    links = [token for token in inline_tokens(tokens) if token.type == "link_open"]
    return [str(token.attrs["href"]) for token in links]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile.filter(lambda text: bool(visible(text))))
@example(WORST)
@example("</details>\n\n# Owned\n\n| a |\n|---|\n")
@example("---\nlicense: mit\n---")
@example("```python\nimport os\n```")
@example("{{ facts }}{% raw %}")
def test_no_fact_can_change_the_shape_of_the_card(text: str) -> None:
    plain_front_matter, plain_skeleton, plain_hrefs = _plain()
    front_matter, body = render_poisoned(text)
    assert front_matter == plain_front_matter
    assert yaml.safe_load(front_matter)["license"] == "odc-by"
    tokens = parser.parse(body)
    assert skeleton(tokens) == plain_skeleton
    allowed = {
        "text",
        "code_inline",
        "link_open",
        "link_close",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
        "image",
    }
    assert {token.type for token in inline_tokens(tokens)} <= allowed
    images = [str(token.attrs["src"]) for token in inline_tokens(tokens) if token.type == "image"]
    assert images == [f"figures/{name}.svg" for name in ("collapse", "missed", "memory", "field")]
    # Links to models may be gone, since their ids are no longer ids; none may have come.
    assert {href for href in hrefs(tokens) if not href.startswith(HUB)} <= set(plain_hrefs)


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_text_of_nothing_breaks_no_table(text: str) -> None:
    _, body = render_poisoned(text)
    rows = [token for token in parser.parse(body) if token.type == "tr_open"]
    assert len(rows) == sum(kind == "tr_open" for kind, _ in _plain()[1])
