"""Questions that the dataset answers, each with three lines of code for three sorts of readers.

Declared once: the card prints them, and a test runs them and compares the three answers. Nothing in
them comes from the Hub.
"""

from __future__ import annotations

from dataclasses import dataclass

from builder.card.escape import Markdown


@dataclass(frozen=True)
class Question:
    """One question to one table; the three codes give the same rows."""

    asked: str
    note: str
    """What a reader must know to understand the answer."""
    table: str
    pandas: str
    """An expression over the table as a pandas frame, `{table}`."""
    sql: tuple[str, str]
    """A statement in two lines; `{file}` is the table."""
    polars: str
    """An expression over the table as a polars frame, `{table}`."""

    def snippets(self, repository: str, date: str) -> tuple[tuple[str, Markdown], ...]:
        """Name and code of each way to ask a date of the dataset."""
        file = f"hf://datasets/{repository}@{date}/data/{self.table}.parquet"
        load = f'load_dataset("{repository}", "{self.table}", revision="{date}", split="train")'
        first, second = (line.format(file=file) for line in self.sql)
        codes = {
            "datasets": (
                "from datasets import load_dataset",
                f"{self.table} = {load}.to_pandas()",
                f"print({self.pandas})",
            ),
            "DuckDB": ("import duckdb", f'print(duckdb.sql("""{first}', f'{second}"""))'),
            "polars": (
                "import polars as pl",
                f'{self.table} = pl.read_parquet("{file}")',
                f"print({self.polars})",
            ),
        }
        return tuple((name, Markdown("\n".join(lines))) for name, lines in codes.items())


FITS = Question(
    asked="Which models run on a 12 GB card with 30 minutes of audio?",
    note="Weights, buffers and the cache of 30 minutes must fit together; variants whose cache is not known, "
    "or whose context is shorter, are not among them. The most bits come first.",
    table="variants",
    pandas='variants.query("weights_bytes + overhead_bytes + kv_cache_bytes_30min <= 12e9")'
    '.sort_values("weights_bytes", ascending=False)[["repo_id", "variant"]]',
    sql=(
        "SELECT repo_id, variant FROM '{file}'",
        "WHERE weights_bytes + overhead_bytes + kv_cache_bytes_30min <= 12e9 ORDER BY weights_bytes DESC",
    ),
    polars='variants.filter(pl.col("weights_bytes") + pl.col("overhead_bytes") '
    '+ pl.col("kv_cache_bytes_30min") <= 12e9)'
    '.sort("weights_bytes", descending=True).select("repo_id", "variant")',
)

COPIES = Question(
    asked="Which families are copied, how often, and who quantises them?",
    note="Copies hold the weights of another repository: in fewer bits, in another format, or as they are.",
    table="models",
    pandas="models.query(\"kind in ('quantized', 'conversion', 'mirror')\")"
    '.groupby(["family_id", "kind"]).author.agg(["size", "unique"]).sort_values("size", ascending=False)',
    sql=(
        "SELECT family_id, kind, count(*) AS copies, list(DISTINCT author) AS authors FROM '{file}'",
        "WHERE kind IN ('quantized', 'conversion', 'mirror') GROUP BY ALL ORDER BY copies DESC",
    ),
    polars='models.filter(pl.col("kind").is_in(["quantized", "conversion", "mirror"]))'
    '.group_by("family_id", "kind").agg(pl.len(), pl.col("author").unique())'
    '.sort("len", descending=True)',
)

HIDDEN = Question(
    asked="What does the Hub’s number hide?",
    note="The ten repositories for which the Hub counts the smallest part of what has to be loaded.",
    table="models",
    pandas="models.assign(times=models.runtime_parameters / models.hub_total_parameters)"
    '.sort_values(["times", "repo_id"], ascending=[False, True])[["repo_id", "times"]].head(10)',
    sql=(
        "SELECT repo_id, runtime_parameters / hub_total_parameters AS times FROM '{file}'",
        "ORDER BY times DESC NULLS LAST, repo_id LIMIT 10",
    ),
    polars='models.select("repo_id", times=pl.col("runtime_parameters") / pl.col("hub_total_parameters"))'
    '.sort("times", "repo_id", descending=[True, False], nulls_last=True).head(10)',
)

FREE = Question(
    asked="Which models are free to use, with all that must be loaded beside them?",
    note="Without a gate, and under Apache 2.0 or MIT throughout, as far as the cards state it: "
    "an MIT adapter on a gated Llama is not among them.",
    table="unique_models",
    pandas="unique_models[(unique_models.required_gated == False) & unique_models.required_licenses.map("
    'lambda names: {"apache-2.0", "mit"}.issuperset("?" if names is None else names))]'
    '[["unique_model_id"]]',
    sql=(
        "SELECT unique_model_id FROM '{file}'",
        "WHERE NOT required_gated AND list_has_all(['apache-2.0', 'mit'], required_licenses)",
    ),
    polars='unique_models.filter(~pl.col("required_gated"), pl.col("required_licenses")'
    '.list.set_difference(["apache-2.0", "mit"]).list.len() == 0).select("unique_model_id")',
)

MEASURED = Question(
    asked="How do audio-language models compare with classic recognisers?",
    note="Average word error rate in percent over a leaderboard’s short English sets, the lowest first; "
    "`reference` marks classic recognisers. It was measured at another time than the "
    "snapshot’s: `observed_at` says when.",
    table="evaluations",
    pandas="evaluations.query(\"dataset_id == 'hf-audio/open-asr-leaderboard/average' and metric == 'wer'\")"
    '.sort_values("value")[["repo_id", "reference", "value"]]',
    sql=(
        "SELECT repo_id, reference, value FROM '{file}'",
        "WHERE dataset_id = 'hf-audio/open-asr-leaderboard/average' AND metric = 'wer' ORDER BY value",
    ),
    polars='evaluations.filter(dataset_id="hf-audio/open-asr-leaderboard/average", metric="wer")'
    '.sort("value").select("repo_id", "reference", "value")',
)

FIELD = Question(
    asked="How does the field compare with speech recognition?",
    note="`exact` is false where somebody stated a round number.",
    table="tasks",
    pandas='tasks.sort_values("model_count", ascending=False)[["pipeline_tag", "model_count", "exact"]]',
    sql=("SELECT pipeline_tag, model_count, exact FROM '{file}'", "ORDER BY model_count DESC"),
    polars='tasks.sort("model_count", descending=True).select("pipeline_tag", "model_count", "exact")',
)

CHANGED = Question(
    asked="What changed since the date before?",
    note="`*` stands for whole rows; `before`, `after` and `reason` are in the table.",
    table="changes",
    pandas='changes.groupby(["table_name", "change", "column_name"]).size().sort_values(ascending=False)',
    sql=(
        "SELECT table_name, change, column_name, count(*) AS times FROM '{file}'",
        "GROUP BY ALL ORDER BY times DESC",
    ),
    polars='changes.group_by("table_name", "change", "column_name").len().sort("len", descending=True)',
)

QUESTIONS = (FITS, COPIES, HIDDEN, FREE, MEASURED, FIELD, CHANGED)


def choose_questions(tables: frozenset[str], *, is_first: bool) -> tuple[Question, ...]:
    """The questions of a date whose given tables have rows; a first date has nothing to compare with."""
    left_out = CHANGED if is_first else FIELD
    return tuple(question for question in QUESTIONS if question.table in tables and question != left_out)
