"""Relations that parse fills from one record of evidence at a time."""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import AtLeast, Column, MaxLength, NotBlank, RowCheck
from schemas.shared import (
    HUB_ID,
    MAX_TEXT,
    REPO_ID,
    SHA,
    SHORTEST,
    TAG,
    TOKEN,
    coded,
    count,
    flag,
    instant,
    number,
    text,
    texts,
)
from schemas.table import Table
from schemas.tables.files import FILES
from schemas.tables.parameters import PARAMETERS

_EVIDENCE = "evidence"
_NAME = "repository name"


def free(name: str, description: str, source: str = _EVIDENCE, *, nullable: bool = True) -> Column:
    """A text of no stated form, bounded and never blank."""
    return Column(
        name, pa.string(), description, source, nullable=nullable, checks=(NotBlank(), MaxLength(MAX_TEXT))
    )


_record_repo = text("repo_id", "Repository the row was read from.", _EVIDENCE, REPO_ID, nullable=False)

RECORD = Table(
    name="record",
    title="Records",
    description="One row per record of evidence: the facts that occur once.",
    key=("repo_id",),
    columns=(
        _record_repo,
        coded(
            "role",
            "Whether the repository is in scope or only a base.",
            _EVIDENCE,
            vocabulary.ROLE,
            nullable=False,
        ),
        free("author", "Owner of the repository.", nullable=False),
        text("hub_id", "The Hub's own id.", _EVIDENCE, HUB_ID),
        text("sha", "Commit at observation.", _EVIDENCE, SHA),
        instant(
            "observed_at", "Latest time at which the record can have been read.", _EVIDENCE, nullable=False
        ),
        free("pipeline_tag", "Task."),
        free("library_name", "Library."),
        free("model_type", "Model type of the configuration."),
        instant("created_at", "Creation.", _EVIDENCE),
        instant("last_modified", "Last commit.", _EVIDENCE),
        count("downloads", "Downloads in 30 days.", _EVIDENCE, "downloads"),
        count("downloads_all_time", "Downloads since creation.", _EVIDENCE, "downloads"),
        count("likes", "Likes.", _EVIDENCE, "likes"),
        number("trending_score", "Trending score.", _EVIDENCE, "score", AtLeast(0)),
        coded("gated", "Whether access needs a grant.", _EVIDENCE, vocabulary.GATED),
        free("license_name", "Name of a licence outside the list."),
        free("license_link", "Link to it."),
        count("used_storage_bytes", "Storage over the whole history.", _EVIDENCE, "bytes"),
        count(
            "used_storage_bytes_uncertainty",
            "Half width of the interval of the true value.",
            _EVIDENCE,
            "bytes",
        ),
        flag("has_weights", "Whether weights are stored; null where the evidence does not tell.", _EVIDENCE),
        count("hub_total_parameters", "The Hub's total.", _EVIDENCE, "parameters", 1),
        count(
            "hub_total_uncertainty", "Half width of the interval of the true value.", _EVIDENCE, "parameters"
        ),
        count(
            "stored_elements",
            "Sum over the data types, or the total where it is not split.",
            _EVIDENCE,
            "elements",
            1,
        ),
        flag("packed", "Whether a data type may hold several weights in one element.", _EVIDENCE),
        coded(
            "quantization",
            "Method that tags, data types, formats or the name show.",
            _EVIDENCE,
            vocabulary.QUANTIZATION,
        ),
        coded("quantization_evidence", "Which of these.", _EVIDENCE, vocabulary.EVIDENCE),
        count(
            "float_bits",
            "Bits of the widest float data type, or of the precision in the name.",
            _EVIDENCE,
            "bits",
            1,
        ),
        number(
            "bits_per_weight",
            "Bits per weight where one number holds for all files.",
            _EVIDENCE,
            "bits",
            AtLeast(1),
        ),
        flag(
            "ported",
            "Whether format or library shows a port of weights made elsewhere.",
            _EVIDENCE,
            nullable=False,
        ),
        flag("audio_tag", "Whether a tag other than the task speaks of audio.", _EVIDENCE, nullable=False),
        flag(
            "adapter_mark",
            "Whether library, tags or a configuration say LoRA or PEFT.",
            _EVIDENCE,
            nullable=False,
        ),
        text(
            "absence_set",
            "Set of reasons for what the record does not say, in `absence`.",
            _EVIDENCE,
            TOKEN,
            nullable=False,
        ),
    ),
)

NAME = Table(
    name="name",
    title="Names",
    description="One row per repository id and record that mentions it: what the parts of its name say.",
    key=("repo_id", "seen_in"),
    columns=(
        text("repo_id", "A repository, in evidence or only mentioned.", _EVIDENCE, REPO_ID, nullable=False),
        free("lower_id", "The id in lower case.", _NAME, nullable=False),
        free("owner", "Part before the slash.", _NAME),
        free("title", "Part after the slash without format parts, as written.", _NAME, nullable=False),
        free(
            "stem",
            "Words of the name without format parts: equal stems may be equal models.",
            _NAME,
            nullable=False,
        ),
        free("line", "Release line: the first words of the stem.", _NAME, nullable=False),
        free("prefix_owner", "Owner written into the name, as in `mistralai_Voxtral-…`.", _NAME),
        free("prefix_stem", "Stem without that owner.", _NAME),
        free("prefix_line", "Line without that owner.", _NAME),
        coded("quantization", "Method that a format part names.", _NAME, vocabulary.QUANTIZATION),
        number("bits", "Bits that a format part names.", _NAME, "bits", AtLeast(1)),
        count("float_bits", "Precision that a format part names.", _NAME, "bits", 1),
        flag("ported", "Whether a format part names another library or format.", _NAME, nullable=False),
        flag("copy_word", "Whether a part says that this is a copy.", _NAME, nullable=False),
        flag(
            "training_word", "Whether a part says that weights were trained further.", _NAME, nullable=False
        ),
        flag("asr_word", "Whether a part says speech recognition.", _NAME, nullable=False),
        flag("instruct_word", "Whether a part says instruction tuned.", _NAME, nullable=False),
        flag("base_word", "Whether a part says base checkpoint.", _NAME, nullable=False),
        number(
            "stated_billions",
            "Size that a part states, such as `7B`.",
            _NAME,
            "billions of parameters",
            AtLeast(0),
        ),
        text(
            "seen_in", "Record that mentions the id; `curated` for a curated one.", _EVIDENCE, nullable=False
        ),
    ),
)

RECORD_VALUE = Table(
    name="record_value",
    title="Values of lists",
    description="One row per element of a list-valued fact.",
    key=("repo_id", "column_name", "value"),
    columns=(
        _record_repo,
        text(
            "column_name", "Column of `models` that the element belongs to.", _EVIDENCE, TOKEN, nullable=False
        ),
        free("value", "The element.", nullable=False),
    ),
)

LISTED: tuple[str, ...] = ("scopes", "architectures", "license", "language", "tags", "weight_formats")
"""Columns of `models` that are lists of what the record itself says."""

RECORD_LIST = Table(
    name="record_list",
    title="Lists",
    description="One row per record: its list-valued facts as `models` holds them, sorted and each element "
    "once. The steps carry them and look into none; what they ask of single elements is in `record_value`.",
    key=("repo_id",),
    columns=(
        _record_repo,
        *(texts(name, f"Column `{name}` of `models`.", _EVIDENCE, TAG) for name in LISTED),
    ),
)

BASE_REFERENCE = Table(
    name="base_reference",
    title="Base references",
    description="One row per base that a card declares, the Hub computes or a configuration loads.",
    key=("repo_id", "base_model", "evidence"),
    columns=(
        _record_repo,
        free("base_model", "The base as written.", nullable=False),
        text("base_id", "The base as an id, where the text is one.", _EVIDENCE, REPO_ID),
        coded("declared_relation", "Relation as stated.", _EVIDENCE, vocabulary.DECLARED_RELATION),
        coded(
            "evidence",
            "`declared` by the card, computed by the `hub`, or named in a `config`.",
            _EVIDENCE,
            vocabulary.EVIDENCE,
            nullable=False,
        ),
        flag("only_one", "Whether it is the only base of this evidence.", _EVIDENCE, nullable=False),
        flag(
            "adds_words",
            "Whether the repository's name says more than the base's; false where the base is no id.",
            _NAME,
            nullable=False,
        ),
    ),
)

ALIAS = Table(
    name="alias",
    title="Aliases",
    description="One row per other name under which the Hub answered for a base.",
    key=("repo_id", "asked_id"),
    columns=(
        _record_repo,
        text("asked_id", "The id that was asked for.", _EVIDENCE, REPO_ID, nullable=False),
    ),
)

PARAMETER_COUNT = Table(
    name="parameter_count",
    title="Counts",
    description="One row per count that evidence states, in the columns of the table `parameters`.",
    key=tuple(name for name in PARAMETERS.key if name != "snapshot_date"),
    columns=tuple(c for c in PARAMETERS.columns if c.name not in {"snapshot_date", "counted"}),
    row_checks=tuple(check for check in PARAMETERS.row_checks if "counted" not in check.columns),
)

WEIGHT_FILE = Table(
    name="weight_file",
    title="Files",
    description="One row per file that is needed to load a repository, in the columns of the table `files`.",
    key=("repo_id", "path"),
    columns=(
        *(c for c in FILES.columns if c.name != "snapshot_date"),
        free(
            "path_group",
            "Set of weights that the file belongs to: files of equal group and label are loaded together. "
            "`*` for the plain set in the root, or the only one; null for what every set needs.",
            "file name",
        ),
    ),
    row_checks=FILES.row_checks,
)

CONFIGURATION = Table(
    name="configuration",
    title="Configurations",
    description="One row per record whose configuration was captured: what it states, or what follows "
    "from that by the formulas of `builder/parse/shapes.py` and `builder/parse/sound.py`.",
    key=("repo_id",),
    columns=(
        _record_repo,
        count("context_length", "Longest input and output together.", _EVIDENCE, "tokens", 1),
        count("max_output_tokens", "Longest output that generation is set to.", _EVIDENCE, "tokens", 1),
        count("audio_sampling_rate_hz", "Sampling rate of the input.", _EVIDENCE, "Hz", 1),
        number("audio_window_s", "Seconds that the encoder sees at once.", _EVIDENCE, "seconds", SHORTEST),
        number("audio_max_s", "Longest audio that is taken in.", _EVIDENCE, "seconds", SHORTEST),
        number(
            "audio_tokens_per_s", "Tokens that a second becomes.", _EVIDENCE, "tokens per second", SHORTEST
        ),
        count("layers", "Layers that keep keys and values of their own.", _EVIDENCE, "layers", 1),
        count("kv_heads", "Key-value heads.", _EVIDENCE, "heads", 1),
        count("head_size", "Size of a head.", _EVIDENCE, "elements", 1),
        count("sliding_layers", "Those of the layers that keep the last tokens only.", _EVIDENCE, "layers"),
        count("sliding_window", "How many tokens these keep.", _EVIDENCE, "tokens", 1),
        flag("tied", "Whether output head and input embedding are one.", _EVIDENCE),
        count("tied_head", "Vocabulary times width, where they are.", _EVIDENCE, "parameters", 1),
        count("experts", "Experts of a layer, in a mixture of experts.", _EVIDENCE, "experts", 1),
        count("active_experts", "Those of them that one token passes.", _EVIDENCE, "experts", 1),
    ),
)

ABSENCE = Table(
    name="absence",
    title="Absences",
    description="Why values cannot be known from a record, where parse can tell: sets of reasons, each "
    "shared by all records that give the same.",
    key=("absence_set", "column_name"),
    columns=(
        text("absence_set", "Name of the set, which records refer to.", _EVIDENCE, TOKEN, nullable=False),
        text("column_name", "Column of `models`.", _EVIDENCE, TOKEN, nullable=False),
        coded("reason", "Why.", _EVIDENCE, vocabulary.GAP_REASON, nullable=False),
    ),
)

IRREGULARITY = Table(
    name="irregularity",
    title="Irregularities",
    description="Values that parse could not use, one row per record and field; counted in the manifest.",
    key=("repo_id", "field", "problem"),
    columns=(
        _record_repo,
        free("field", "Field of the evidence.", nullable=False),
        free("problem", "What is wrong with it.", nullable=False),
    ),
)

DEPARTED = Table(
    name="departed",
    title="Departures",
    description="One row per repository of the previous date that no query lists any more and that was asked "
    "for by name: what the Hub answered.",
    key=("repo_id",),
    columns=(
        text("repo_id", "The repository, as the previous date names it.", _EVIDENCE, REPO_ID, nullable=False),
        coded("reason", "What became of it.", _EVIDENCE, vocabulary.DEPARTURE, nullable=False),
        text("renamed_to", "The name under which the Hub answered, if another.", _EVIDENCE, REPO_ID),
    ),
    row_checks=(
        RowCheck(
            ("reason", "renamed_to"),
            "(reason = 'renamed') = (renamed_to IS NOT NULL)",
            "a departure names another name exactly where it is a rename",
        ),
    ),
)

TASK_COUNT = Table(
    name="task_count",
    title="Counts of tasks",
    description="Models per task: counted by the capture, or stated by somebody.",
    key=("pipeline_tag",),
    columns=(
        free("pipeline_tag", "Task.", "curated or evidence", nullable=False),
        count("model_count", "Repositories.", "curated or evidence", "repositories", nullable=False),
        flag("exact", "Whether every one was counted.", "curated or evidence", nullable=False),
        instant("counted_at", "When, at the latest.", "curated or evidence", nullable=False),
        free("source", "Who counted.", "curated or evidence", nullable=False),
    ),
)
