"""The commands: each is its options and one call into the rooms behind.

Nothing heavy is imported before a command needs it, so that `builder --help` answers at once.
"""

from __future__ import annotations

import logging

import click

from builder.cli import choose, evidence, publish, questions, share, snapshot


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-v", "--verbose", is_flag=True, help="Say more of what is done.")
@click.version_option(package_name="audio-multimodal-models")
def main(*, verbose: bool) -> None:
    """Build dated snapshots of the audio-supported multimodal models on the Hugging Face Hub.

    \b
    Rebuild what is committed:     dvc repro
    Build one date by hand:        builder build 2025-12-07
    See what was built:            builder report
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")


for _command in (
    evidence.import_command,
    evidence.capture_command,
    evidence.draft_command,
    snapshot.build,
    snapshot.card,
    snapshot.validate,
    snapshot.report,
    questions.evaluate_command,
    questions.explain_command,
    questions.diff_command,
    choose.pick_command,
    choose.document_command,
    choose.page_command,
    publish.publish_command,
    publish.publish_page_command,
    publish.verify_command,
    publish.reproduce_command,
    publish.redact_command,
    share.cite_command,
    share.export_command,
):
    main.add_command(_command)
