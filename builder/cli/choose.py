"""Commands that help to choose: what fits, best first, and the page about both kinds of models."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.common import echo_json, find_layout, json_option, reports_errors

_LONGEST = 100_000
"""Minutes: seventy days of audio, beyond which a number is a slip of the keyboard."""


@click.command("pick")
@click.option("--memory", metavar="SIZE", help="Memory on offer, such as 12GB or 12GiB; any if not given.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, max=_LONGEST, min_open=True),
    default=3,
    show_default=True,
    help="Length of the audio.",
)
@click.option("--language", metavar="CODE", help="Language that is stated of the model, such as de.")
@click.option("--commercial", is_flag=True, help="Only where every licence needed allows commercial use.")
@click.option("--runtime", metavar="NAME", help="Where it must run: llama.cpp, vllm, transformers, mlx …")
@click.option("--date", help="Date to pick from; the newest built one if not given.")
@click.option(
    "--lines",
    metavar="N",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Models shown of each list.",
)
@json_option
@reports_errors
def pick_command(
    *,
    memory: str | None,
    minutes: float,
    language: str | None,
    commercial: bool,
    runtime: str | None,
    date: str | None,
    lines: int,
    as_json: bool,
) -> None:
    """Show the distinct audio-language models that fit, best first, and why the nearest others do not.

    First come models of which all that is asked is known to hold; then by word error rate in the
    language, by average word error rate, published files before estimates, downloads, and name.
    Unknown comes after known. A licence under conditions counts as commercial and its condition is
    shown; an unknown one does not. One GB is 10^9 bytes, one GiB 2^30.

    \b
    builder pick --memory 12GB --minutes 60
    builder pick --memory 24GiB --minutes 30 --language de --commercial
    builder pick --memory 8G --runtime llama.cpp --json
    """
    from builder.choice.pick import Wish
    from builder.choice.sizes import parse_size
    from builder.choice_report import print_answer, to_values
    from builder.choosing import check_wish, find_built_date, pick_models

    wish = Wish(
        minutes=minutes,
        memory_bytes=parse_size(memory) if memory is not None else None,
        language=language,
        commercial=commercial,
        runtime=runtime,
    )
    check_wish(wish)
    layout = find_layout()
    built = find_built_date(layout, date)
    answer = pick_models(layout, built, wish)
    if as_json:
        echo_json(to_values(built, wish, answer))
        return
    print_answer(built, wish, answer, lines)


@click.command("document")
@click.option("--date", help="Date whose tables are asked; the newest built one if not given.")
@click.option("--check", is_flag=True, help="Write nothing; fail where the page is another one.")
@reports_errors
def document_command(*, date: str | None, check: bool) -> None:
    """Write docs/audio-language-models-vs-speech-to-text.md, each figure with the query that gave it.

    \b
    builder document
    builder document --check
    """
    from builder.documenting import write_document

    layout = find_layout()
    path = write_document(layout, date, check=check).relative_to(layout.root).as_posix()
    click.echo(f"{path} is what the tables make" if check else f"wrote {path}")


@click.command("page")
@click.argument("dates", metavar="[DATE]...", nargs=-1)
@click.option(
    "--output",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the page goes; a page that is there is replaced.",
)
@reports_errors
def page_command(*, dates: tuple[str, ...], output: Path) -> None:
    """Write the page to choose from, of some dates or the newest built one: open index.html.

    \b
    builder page --output build/page
    builder page 2025-12-07 --output build/page
    """
    from builder.choosing import find_built_date
    from builder.paging import write_page

    layout = find_layout()
    wanted = [find_built_date(layout, date) for date in dates or (None,)]
    size = write_page(layout, wanted, output)
    click.echo(f"wrote {output.as_posix()}/index.html of {', '.join(wanted)} ({size} bytes)")
