"""What to cite for a data set, a case and a run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date

from tocsin.assessment.record import AssessmentRecord
from tocsin.case.origin import origins, rests_on
from tocsin.case.schema import Case
from tocsin.data.registry import Source, source
from tocsin.export.references import Reference
from tocsin.export.run import Run

_WORK = re.compile(r"(?P<names>[^;]+?) (?P<year>1[89]\d\d|20\d\d)\b")
"""The first work of a registry's citation: "Schvitz et al. 2022; ..."."""
_FAMILY = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?")
"""A name that may be a family name; an organisation has more words."""


def of_data_set(record: Source) -> Reference:
    """Return the reference of a data set; its author and year are those of the first work that its registry names."""
    work = _WORK.match(record.cite)
    names = work["names"] if work else record.cite.partition(";")[0]
    families = tuple(re.split(r", | and ", names))
    single = work is not None and "et al" not in names and all(map(_FAMILY.fullmatch, families))
    return Reference(
        key=record.name,
        kind="dataset",
        title=record.what,
        authors=families if single else (names.strip(),),
        literal=not single,
        issued=int(work["year"]) if work else None,
        url=record.official,
        note=f"Cite: {record.cite}. Terms: {record.licence}. Years: {record.years[0]} to {record.years[1]}",
    )


def of_case(case: Case) -> Iterator[Reference]:
    """Yield the references of a case: itself, its article, its sources, and the data sets that its measures and estimates rest on."""
    yield Reference(
        key=case.id,
        kind="report",
        title=case.title,
        issued=case.as_of,
        note=f"Case of Tocsin, SHA-256 {case.sha256}",
    )
    if case.article is not None:
        article = case.article
        yield Reference(
            key=f"{case.id}:article",
            kind="article-newspaper",
            title=article.title,
            authors=(article.author,) if article.author else (),
            issued=article.date,
            container=article.outlet,
            url=article.url or "",
        )
    for key, read in case.sources.items():
        note = f"Source {key} of the case, grade {read.grade}" + (f". Terms: {read.terms}" if read.terms else "")
        yield Reference(
            key=f"{case.id}:{key}", kind="document", title=read.cite, url=read.url or "", accessed=read.read, note=note
        )
    for name in data_sets(case):
        yield of_data_set(source(name))


def data_sets(case: Case) -> tuple[str, ...]:
    """Return the data sets that the measures and estimates of a case rest on."""
    return tuple(dict.fromkeys(name for _, text in origins(case) for name in rests_on(text)))


def of_program(version: str) -> Reference:
    """Return the reference of the program."""
    return Reference(
        key="tocsin",
        kind="software",
        title="Tocsin: strategic arguments, run as models",
        authors=("The Tocsin authors",),
        version=version,
    )


def of_run(run: Run) -> Iterator[Reference]:
    """Yield the references of a run: the program, the run, and those of its case; without the case, its name and hash."""
    record = run.record
    version = record.run.versions.get("tocsin", "")
    yield of_program(version)
    yield Reference(
        key=f"{record.case.id}:run",
        kind="dataset",
        title=f"Run of the case “{record.case.title}”",
        issued=run.made,
        version=f"tocsin {version}",
        note=described(record),
    )
    if run.case is not None:
        yield from of_case(run.case)
    else:
        yield Reference(
            key=record.case.id,
            kind="report",
            title=record.case.title,
            issued=date.fromisoformat(record.case.as_of),
            note=f"Case of Tocsin, SHA-256 {record.case.sha256}",
        )


def described(record: AssessmentRecord) -> str:
    """Return what identifies a run: its hash, seed, worlds, settings and versions."""
    run = record.run
    settings = f", set {', '.join(f'{name}={value}' for name, value in run.settings.items())}" if run.settings else ""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    return f"SHA-256 {run_hash(record)}, seed {run.seed}, {run.draws} worlds drawn{settings}; {versions}"


def run_hash(record: AssessmentRecord) -> str:
    """Return the SHA-256 of a run: of its JSON with sorted keys and without the seconds it took, so that a repeated run has the same."""
    data = record.to_dict()
    del data["run"]["seconds"]
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def how_to_cite(run: Run) -> list[str]:
    """Return what to cite for a run, one line each."""
    return [reference.line() for reference in of_run(run)]
