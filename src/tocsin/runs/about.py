"""What a stored run is: what makes its result, the hash of that, and what is shown of it without reading the result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tocsin.runs.places import sha256
from tocsin.translation import Said

if TYPE_CHECKING:
    from tocsin.assessment.record import AssessmentRecord

FORMAT: Literal["tocsin-run/1"] = "tocsin-run/1"
PACKAGE = Path(__file__).resolve().parents[1]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Origin(BaseModel):
    """What makes the result of a run.

    Attributes:
        sha256: of the case: its files without translations, and the values that were measured from data sets.
        settings: inputs overridden for the run, as in `--set`.
        seed: of the worlds.
        draws: worlds requested.
        versions: of Python, tocsin and the numerical libraries.
        code: SHA-256 of the program, which changes between two versions too.
    """

    model_config = ConfigDict(frozen=True)

    sha256: str
    settings: dict[str, str]
    seed: int
    draws: int
    versions: dict[str, str]
    code: Hash

    def hash(self) -> str:
        """Return the SHA-256 that names the run: runs of one hash give the same numbers."""
        return sha256(json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":")).encode())


class About(BaseModel):
    """The file `about.json` of a stored run.

    Attributes:
        hash: of `origin`.
        case, title, as_of, summary: of the case.
        main: name of the case's YAML file.
        files: SHA-256 of the case's own files, translations included, by name.
        measured: SHA-256 of the values that were measured from data sets, by name.
        drawn: worlds drawn; more than requested if weighting needs them, 0 if facts decide everything.
        variants: of the case with which it was run; their inputs are among the settings.
        verdicts: by claim, in the order of the case.
        questions: of the case, each with its answer.
        parts: SHA-256 of the files that hold the result, by name.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal["tocsin-run/1"]
    hash: Hash
    origin: Origin
    case: str
    title: str
    as_of: str
    summary: str
    main: str
    files: dict[str, Hash]
    measured: dict[str, str]
    drawn: int
    verdicts: dict[str, str]
    questions: tuple[tuple[Said, Said], ...]
    parts: dict[str, Hash]
    variants: tuple[str, ...] = ()


def origin_of(record: AssessmentRecord, draws: int) -> Origin:
    """Return what makes the result of a run.

    Args:
        record: of the run.
        draws: worlds requested.
    """
    run = record.run
    return Origin(
        sha256=record.case.sha256,
        settings=run.settings,
        seed=run.seed,
        draws=draws,
        versions=run.versions,
        code=code_hash(),
    )


def code_hash(package: Path = PACKAGE) -> str:
    """Return the SHA-256 of the program and its data, without cases and translations, which change no number."""
    from tocsin.case.hashes import combined  # imported here: the welcome reads a run without loading the case's room

    hashes: dict[str, str] = {}
    for path in package.rglob("*"):
        name = path.relative_to(package)
        if name.parts[0] != "cases" and not {"__pycache__", "locale"} & set(name.parts) and path.is_file():
            hashes[name.as_posix()] = sha256(path.read_bytes())
    return combined(hashes)


def digests(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of named bytes."""
    return {name: sha256(data) for name, data in parts.items()}


def same_result(one: AssessmentRecord, other: AssessmentRecord) -> bool:
    """Return whether two runs have one result, whatever time they took, and whichever variants set their inputs."""
    first, second = (record.run.model_copy(update={"seconds": 0.0, "variants": ()}) for record in (one, other))
    return one.model_copy(update={"run": first}) == other.model_copy(update={"run": second})
