"""The brief: one file, no request, nothing injected, a first page of two minutes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.assess import Assessment, assess
from tocsin.errors import InputError
from tocsin.report import write_brief
from tocsin.report.brief import render, share_text


@pytest.fixture(scope="session")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    hostile = '<script>alert(1)</script> & "quotes" </script>'
    case = minimal_case(
        tmp_path_factory.mktemp("minimal"),
        replace={"says: Alpha loses by a stronger and freer Beta": f"says: '{hostile}'"},
    )
    return assess(case, seed=2, draws=32)


@pytest.fixture(scope="session")
def page(assessment: Assessment) -> str:
    return render(assessment)


class Words(HTMLParser):
    """Counts the words of the first page."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.count, self.hidden = True, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "svg", "title")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "svg", "title")
        if tag == "section":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and not self.hidden:
            self.count += len(data.split())


def test_first_page_is_a_two_minute_read(page: str) -> None:
    words = Words()
    words.feed(page)
    assert 40 < words.count <= 500


def test_nothing_is_asked_of_the_network(page: str) -> None:
    assert not re.search(r'(src|href)\s*=\s*"(https?:)?//', page)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_hostile_text_is_shown_and_not_run(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_every_claim_and_judgement_is_there(assessment: Assessment, page: str) -> None:
    for claim in assessment.claims:
        assert f'id="{claim.id}"' in page
    for name in assessment.case.beliefs:
        assert f"<code>{name}</code>" in page


def test_pictures_have_titles_and_unique_ids(page: str) -> None:
    assert page.count('role="img"') == 7
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_all_combinations_of_the_switches_are_solved(assessment: Assessment) -> None:
    assert len(assessment.scenes) == 2 * 2**2
    assert len({(scene.spending, *scene.regimes.values()) for scene in assessment.scenes}) == 8


def test_brief_is_written_whole_or_not_at_all(assessment: Assessment, tmp_path: Path) -> None:
    target = tmp_path / "brief.html"
    write_brief(assessment, target)
    assert target.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [file.name for file in tmp_path.iterdir()] == ["brief.html"]
    with pytest.raises(InputError, match="there is no folder"):
        write_brief(assessment, tmp_path / "nowhere" / "brief.html")


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 %"), (0.0005, "0.05 %"), (-0.0123, "-1.2 %"), (float("nan"), "unknown")]
)
def test_shares_are_printed_with_two_digits(value: float, text: str) -> None:
    assert share_text(value) == text
