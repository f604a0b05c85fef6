"""The documentation is complete, and its links work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.case import load
from tocsin.case.defaults import default_ranges
from tocsin.case.inputs import KINDS
from tocsin.case.lint import lint
from tocsin.case.published import PUBLISHED
from tocsin.case.quantities import QUANTITIES
from tocsin.case.reasons import counted
from tocsin.case.schema import CaseFile
from tocsin.cli import main
from tocsin.measures.catalogue import MEASURES

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
CASE_PAGES = (
    "case-format",
    "case-facts",
    "case-money",
    "case-beliefs",
    "case-game",
    "case-claims",
    "test-language",
    "case-refused",
)
FORMAT = "".join((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") for page in CASE_PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_work(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[\w-]*)?\)", page.read_text(encoding="utf-8"))
    missing = [name for name in targets if "://" not in name and not (page.parent / name).exists()]
    assert missing == []


def test_every_page_is_in_the_menu_of_the_site() -> None:
    # the strict build of the site refuses a page that no entry leads to
    listed = set(
        re.findall(r"^ +- (?:.+: )?(\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    )
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    assert listed == pages


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page: those of its headings, and those written as HTML."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    slugs = {
        re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    return slugs | set(re.findall(r'<a id="([\w-]+)">', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_a_place_on_a_page_work(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s:]*\.md)?#([\w-]+)\)", page.read_text(encoding="utf-8"))
    wrong = [(name, place) for name, place in links if place not in anchors(page.parent / name if name else page)]
    assert wrong == []


def test_the_case_format_is_not_one_long_page() -> None:
    # a reader with an hour looks for an answer, not for the whole format
    words = {page: len((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").split()) for page in CASE_PAGES}
    assert {page: count for page, count in words.items() if count > 4_000} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lists_and_tables_begin_after_an_empty_line(page: Path) -> None:
    # otherwise the site shows them as running text
    text = re.sub(r"^```.*?^```$", "```", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    starts = re.compile(r"^(?![-|>#\s]|\d+\. ).+\n(?:- |\| |1\. ).*", re.MULTILINE)
    assert starts.findall(text) == []


def test_every_measure_is_described() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    assert [name for name, measure in MEASURES.items() if f"| `{name}` | {measure.title} |" not in page] == []


def test_every_input_of_the_model_is_in_the_reference() -> None:
    assert [kind.pattern for kind in KINDS if f"`{kind.pattern}`" not in FORMAT] == []


def test_every_quantity_of_the_test_language_is_in_the_reference() -> None:
    rows = [f"| `{kind.signature(name)}` | {kind.meaning} | {kind.measured} |" for name, kind in QUANTITIES.items()]
    assert [row for row in rows if row not in FORMAT.splitlines()] == []


def test_every_published_game_is_in_its_reference() -> None:
    page = (ROOT / "docs" / "published-games.md").read_text(encoding="utf-8")
    for name, game in PUBLISHED.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert [parameter.pattern for parameter in game.parameters if f"`{parameter.pattern}`" not in row] == []
        assert [result for result in game.results if f"`{result}`" not in row] == []


def test_every_default_range_is_in_the_reference() -> None:
    rows = [f"| `{row.input}` | {row.condition} | `{row.is_ or row.from_}` | {row.why} |" for row in default_ranges()]
    assert [row for row in rows if row not in FORMAT.splitlines()] == []


def test_the_shortest_case_of_the_reference_loads(tmp_path: Path) -> None:
    section = FORMAT[FORMAT.index("## What a case must give") :]
    (text, *_) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    case = load(tmp_path)
    assert lint(case)
    assert counted(case)["template"] == counted(case)["no reason"] == 0


def test_every_block_of_a_case_is_in_the_reference() -> None:
    assert [name for name in CaseFile.model_fields if f"| `{name}` |" not in FORMAT] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {name for name in main.commands if f"tocsin {name}" in readme}
    assert shown | {"schema"} == set(main.commands)
    assert "tocsin schema" in FORMAT
