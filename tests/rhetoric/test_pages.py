"""Pages: the headline without names of site and section, the day of publication in every layout, and no other day."""

from __future__ import annotations

import datetime as dt
import html
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rhetoric.archived import read_all

from tocsin.rhetoric.archive import dates
from tocsin.rhetoric.archive.pages import Page, read_page
from tocsin.rhetoric.archive.titles import SiteNames, headline, plain_title

HEADLINE = "Japan Will Pay Dearly for Its Militarism"
PROSE = "The Japanese authorities have recently decided to raise the military budget to a record figure for the coming fiscal year. This is a move to turn the island country into a war state. On August 15, 1945 Korea was liberated, and on January 6, 2026 the cabinet met."
BODY = f"<div class='content'><p>Pyongyang, December 30 (KCNA) -- {PROSE}</p><p>{PROSE} Second.</p></div>"


def page(body: str, *, head: str = "", title: str = HEADLINE) -> Page:
    return read_page(
        f"<!DOCTYPE html><html><head><title>{html.escape(title)}</title>{head}</head><body>{body}{BODY}</body></html>"
    )


# --- titles ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Rodong Sinmun > Editorial > Japan Will Pay Dearly", "Japan Will Pay Dearly"), ("Home » News » Japan Will Pay » KCNA", "Japan Will Pay"),
        ("우리 민족끼리 > 론평 > 일본의 군비확장책동을 규탄한다", "일본의 군비확장책동을 규탄한다"), ("Japan Will Pay « Politics « KCNA Watch", "Japan Will Pay"),
        ("[론평] 일본의 군비확장책동을 규탄한다 | 로동신문", "일본의 군비확장책동을 규탄한다"), ("【社説】日本の軍拡｜朝鮮新報", "日本の軍拡"),
        ("Rodong Sinmun • Japan Will Pay", "Japan Will Pay"), ("Japan's Moves | Rodong Sinmun", "Japan's Moves"), ("Japan / Reinvasion / KCNA", "Reinvasion"),
        ("来年度の防衛費 過去最大 閣議決定 | NHK | 予算案", "来年度の防衛費 過去最大 閣議決定"), ("发言人主持例行记者会_中华人民共和国外交部", "发言人主持例行记者会"),
        ("KCNA Watch - Japan Will Pay", "Japan Will Pay"), ("로동신문 – 일본은 력사의 교훈을 잊지 말라", "일본은 력사의 교훈을 잊지 말라"),
        ("Japan's Moves—KCNA", "Japan's Moves"), ("KCNA Watch: Japan Will Pay", "Japan Will Pay"), ("Oct. 27, 2004 | Japan Will Pay", "Japan Will Pay"),
        ("조선중앙통신사 론평 - 일본의 재침책동을 규탄", "일본의 재침책동을 규탄"), ("일본의 군국주의·재침책동을 규탄한다 - 조선중앙통신", "일본의 군국주의·재침책동을 규탄한다"),
        ("U.S.-Japan-ROK Drill - Prelude to War - KCNA Commentary", "U.S.-Japan-ROK Drill - Prelude to War"),
        ("KCNA: Press Statement of Foreign Ministry", "Press Statement of Foreign Ministry"), ("조선중앙통신: 외무성 대변인담화", "외무성 대변인담화"),
        ("Korean Central News Agency: Japan Will Pay | KCNA Watch", "Japan Will Pay"),
    ],
)  # fmt: skip
def test_names_of_sites_and_sections_are_cut_at_every_separator(title: str, expected: str) -> None:
    assert headline(title, SiteNames()) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Japan’s Crime – Nuclear-polluted Water", "Speech: 3 < 5", "1 > 0", '"Cooperation" Will Hasten "Ruin": KCNA Commentary',
        "Japan's Moves Denounced: Minju Joson", "KCNA Commentary on Japan's Record Military Budget", "<조선중앙통신> 보도를 론함", "일본의 군국주의·재침책동을 규탄한다",
        "(LEAD) N. Korea slams Japan", "Rodong Sinmun on Foreign Ministry Statement", "A/B Drill", "Kim Jong Un: Supreme Leader",
        "Drill Not Helpful to Peace: Xinhua", "Rodong Sinmun: Japan Will Pay", "DPRK Foreign Ministry: Japan Will Pay", "Japan: KCNA Commentary", "Reunification Is Essential -- Rodong Sinmun",
    ],
)  # fmt: skip
def test_marks_that_belong_to_a_headline_cut_nothing(title: str) -> None:
    assert headline(title, SiteNames()) == title


@pytest.mark.parametrize(
    "title",
    [
        "KCNA",
        "로동신문",
        "NEWS From KOREAN CENTRAL NEWS AGENCY of DPRK - Oct. 27, 2004",
        "Home | KCNA",
        "",
        " - ",
        "2025-12-26",
    ],
)
def test_a_title_of_names_only_holds_no_headline(title: str) -> None:
    assert headline(title, SiteNames()) == ""


SITES, SECTIONS = (
    ("KCNA", "Rodong Sinmun", "로동신문", "KCNA Watch", "우리민족끼리"),
    ("Editorial", "론평", "News", "Politics", "論評"),
)
HEADLINES = (
    HEADLINE,
    "일본은 력사의 교훈을 잊지 말라",
    "日本の軍国主義を糾弾する",
    "Japan's Crime - Nuclear-polluted Water",
    "U.S.: Kingpin of War",
)


@given(
    st.sampled_from(HEADLINES), st.sampled_from(SITES), st.sampled_from(SECTIONS),
    st.sampled_from([" > ", " | ", " • ", " · ", " » ", " ｜ ", " - ", " – ", " — "]), st.booleans(),
)  # fmt: skip
def test_a_headline_survives_any_site_section_and_separator(
    text: str, site: str, section: str, mark: str, is_site_first: bool
) -> None:
    parts = [site, section, text] if is_site_first else [text, section, site]
    assert headline(mark.join(parts), SiteNames()) == text
    assert headline(f"[{section}] {text}", SiteNames()) == text


def test_the_name_that_a_page_gives_its_site_is_cut() -> None:
    names = SiteNames.of(["Daily Foo"])
    assert headline("Japan - Daily Foo", SiteNames()) == "Japan - Daily Foo"
    assert headline("Japan - Daily Foo", names) == headline("DAILY FOO: Japan", names) == "Japan"
    stated = page("", title="Japan Will - Daily Foo", head="<meta property='og:site_name' content='The Daily Foo'>")
    by_host = page("", title="Japan Will - Daily Foo", head="<link rel=canonical href='https://www.dailyfoo.org/1'>")
    assert stated.title == by_host.title == "Japan Will"


def test_markup_in_a_title_goes_and_other_angle_brackets_stay() -> None:
    marked = '경애하는 <nobr><span class="fSpecCs">김정은</span></nobr>동지께서'
    for text in (marked, html.escape(marked), html.escape(html.escape(marked))):
        assert plain_title(text) == "경애하는 김정은동지께서"
    assert plain_title("One<br>two  <b >three</B>") == "One two three"
    assert plain_title("3 < 5 > 4 <조선> & <Foo Bar>") == "3 < 5 > 4 <조선> & <Foo Bar>"


@given(st.text(st.sampled_from("<>/ab[]|-–:·•_KCNA《》【】 \n&;lt"), max_size=60) | st.text(max_size=60))
def test_a_headline_is_a_part_of_its_title(title: str) -> None:
    assert headline(title, SiteNames()) in plain_title(title)


# --- layouts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Rodong Sinmun", f"<div class='container-fluid news_Title'>{HEADLINE}</div><span class='NewsDate'>2023.3.13.</span>"),
        ("Rodong Sinmun", f"<div id='article-homepage'>Rodong Sinmun</div><div id='ContDIV'><p class='TitleP'>{HEADLINE}</p></div>"),
        ("Rodong Sinmun", f"<center><div class=Menu>Sept.12,Juche110(2021)Sunday</div><p class='ArticleContent' align='center'><font>{HEADLINE}</font></p></center>"),
        ("KCNA", f"<header><a href='/en'>KCNA</a></header><main><article><h1 class='text-danger'>{HEADLINE}</h1><h1></h1></article></main>"),
        ("KCNA", f"<div class='logo'><h1>Voice of Foo</h1></div><h1>{HEADLINE}</h1>"), ("KCNA", f"<h1><a href='/'>Foo</a></h1><h1>{HEADLINE}</h1>"),
        ("News | KCNA", f"<div class='article-main-title'><strong>{HEADLINE}</strong></div>"), ("KCNA", f"<h1>News</h1><h2>{HEADLINE}</h2>"),
        ("로동신문", f"<table><tr><td><b>로동신문</b></td></tr><tr><td><b>{HEADLINE}</b></td></tr></table>"),
        (f"{HEADLINE} | KCNA", "<div class='title'>Read also this headline, which is somewhat longer than the other</div>"),
        ("KCNA", f"<h1><div>News</div><div>{HEADLINE}</div><div>x</div></h1>"), ("KCNA", f"<h1>{HEADLINE}<p>2024.3.9</p>"),
        ("KCNA", f"<div class='view_title'><p>{HEADLINE}</p><p>2024.3.9</p></div>"), ("KCNA", f"<h1>{HEADLINE.replace(' ', '<br>', 1)}</h1>"),
        (f"Foo Times - {HEADLINE}", f"<h1>Foo Times</h1><h1>{HEADLINE}</h1>"), ("", f"<h1>{HEADLINE}</h1>"),
    ],
)  # fmt: skip
def test_the_headline_of_every_layout_becomes_the_title(title: str, body: str) -> None:
    assert page(body, title=title).title == HEADLINE


def test_a_heading_keeps_the_speaker_that_it_names() -> None:
    for text in ("Japan should talk sense - KCNA commentary", "조선중앙통신사 론평 - 일본의 재침책동을 규탄"):
        assert page(f"<h1>{text}</h1>", title=f"{text} | KCNA").title == text
    assert page("<h1>[론평] 일본의 군비확장책동 [2024.3.9.]</h1>", title="로동신문").title == "일본의 군비확장책동"


def test_metadata_give_the_headline_that_the_page_does_not_mark() -> None:
    for head in (
        f"<meta property='og:title' content='{HEADLINE} | KCNA Watch'>",
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}"}}</script>',
    ):
        assert page("", title="KCNA", head=head).title == HEADLINE


def test_a_page_that_names_only_its_site_has_no_title() -> None:
    assert page("", title="Rodong Sinmun").title == ""
    assert page("", title="조선중앙통신사 보도").title == "조선중앙통신사 보도"


# --- days -----------------------------------------------------------------------------------------------------------------

DAY = dt.date(2024, 3, 9)


@pytest.mark.parametrize(
    "marked",
    [
        "<div class='date'>Juche 113 (2024). 3. 9</div>", "<div class='date'>주체113(2024)년 3월 9일 토요일</div>", "<p>2024年3月9日</p>",
        "<span class='publish-time'>www.kcna.kp (Juche113.3.9.)</span>", "<div id='article-date'>March 9, 2024 Saturday [Photo]</div>",
        "<p class='date'>Published 2024-03-09 10:52 Updated 2026-01-02 09:00</p>", "<time datetime='2024-03-09T23:30:00+09:00'>Mar 9</time>",
        "<td><b>calendar&gt;&gt;</b><b>March</b> <b>9. 2024</b> Juche <b>113</b></td>", "<p>Date: 2024-03-09 | Source: KCNA | <a href=x>Read</a></p>",
        "<span class='updated'>2025-01-01</span><span class='NewsDate'>2024.3.9.</span>", "<p>입력 2024.03.09 10:52</p>",
        "<div class='clock'>2026-11-28</div>" + "<p>x</p>" * 9 + f"<h1>{HEADLINE}</h1><p class=date>2024.3.9</p>",
        f"<h1>{HEADLINE}</h1><p>2024.3.9</p>" + "<ul class=related>" + "<li>2023.1.2</li>" * 9 + "</ul>",
        "<p class=date>03/09/2024</p><p>9 March 2024</p>", f"<h1>{HEADLINE} [Juche113.3.9.]</h1>",
    ],
)  # fmt: skip
def test_the_day_of_publication_is_found_in_every_layout(marked: str) -> None:
    assert page(marked).date == DAY


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='PubDate' content='2024-03-09 18:30'>", "<meta property='article:published_time' content='2024-03-09T15:30:00Z'>",
        "<meta itemprop='datePublished' content='2024-03-09'>", '<script type="application/ld+json">{"datePublished": "2024-03-09T10:00"}</script>',
    ],
)  # fmt: skip
def test_the_day_that_the_head_of_a_page_states_comes_first(head: str) -> None:
    assert page("<p class=date>2025-01-01</p>", head=head).date == DAY


@pytest.mark.parametrize(
    ("marked", "problem"),
    [
        ("<p class='date'>Date: 03/04/2011 | Source: KCNA</p>", dates.AMBIGUOUS), ("<p class='date'>05/12/2023</p>", dates.AMBIGUOUS),
        ("<p>05/12/2023</p>", dates.AMBIGUOUS), ("<p class=date>Monday, March 9, 2024</p><p>2025-01-01</p>", dates.WRONG_WEEKDAY),
        ("<p class=date>Juche 112 (2024). 3. 9</p>", dates.WRONG_ERA), ("<p class='date'>26/12/25</p>", dates.SHORT_YEAR),
        ("<p class='date'>03/04/2011</p><p>2025-01-01</p>", dates.AMBIGUOUS), ("<p class=date>3 hours ago</p>", dates.UNREADABLE),
        ("", dates.NO_DATE), ("<p>Copyright 2000-2025</p>", dates.NO_DATE),
    ],
)  # fmt: skip
def test_a_page_without_one_day_has_none_and_says_why(tmp_path: Path, marked: str, problem: str) -> None:
    file = tmp_path / "p.html"
    file.write_text(
        f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>{marked}{BODY}</body></html>"
    )
    [statement], remarks = read_all(file)
    assert statement.date is None and problem in {remark.why for remark in remarks}


def test_the_address_of_a_page_gives_its_day_with_a_remark(tmp_path: Path) -> None:
    address = "http://www.kcna.co.jp/item/2016/201612/news28/20161228-05ee.html"
    file = tmp_path / "p.html"
    for marked in ("", "<p class=date>03/04/2016</p>"):
        head = f"<title>{HEADLINE}</title><meta property='og:url' content='{address}'>"
        file.write_text(f"<html><head>{head}</head><body>{marked}{BODY}</body></html>")
        [statement], remarks = read_all(file)
        assert (statement.address, statement.outlet) == (address, "kcna")
        if marked:
            assert statement.date is None and dates.AMBIGUOUS in {remark.why for remark in remarks}
        else:
            assert statement.date == dt.date(2016, 12, 28) and dates.FROM_ADDRESS in {remark.why for remark in remarks}


# --- pages in the layouts that outlets use --------------------------------------------------------------------------------

NAMES = {
    "Rodong Sinmun", "로동신문", "KCNA", "KCNA Watch", "KCNA Commentary", "조선중앙통신사 론평", "우리 민족끼리 > 론평", "Rodong Sinmun > Editorial", "Speech: 3", "Japan’s Crime",
}  # fmt: skip


@pytest.mark.parametrize("folder", ["html", "titles"])
def test_no_page_of_the_outlets_loses_its_headline(shared: Path, folder: str) -> None:
    for file in sorted((shared / "faults" / "rhetoric" / folder).glob("*.html")):
        [statement], _ = read_all(file)
        assert len(statement.title) > 9 and statement.title not in NAMES, file.name
        assert "<nobr" not in statement.title and not statement.title.endswith(
            ("KCNA", "로동신문", "NHK", "KCNA Watch")
        ), file.name


def test_pages_of_the_outlets_have_their_days(shared: Path) -> None:
    days = {
        "a_hist": None, "b_hist2": None, "c_juche_div": "2024-03-09", "d_dmy": None, "e_dmy2": None, "f_upd": "2025-12-26", "g_url": "2016-12-28",
        "h_rodongurl": "2021-09-12", "i_kodate": "2024-03-09", "j_jadate": "2024-03-09", "k_publish_juche": "2019-12-10", "l_none_future": None,
        "m_time": "2025-12-31", "n_timeutc": "2025-12-31",
        "20161228-05ee": "2016-12-28", "kcna_detail": None, "kcna_euckr": "2004-10-27", "kcna_q": "2024-12-28", "kcna_q_2025": "2025-12-28",
        "kcna_sjis": "2004-10-27", "kcnawatch": "2023-10-10", "mfa_cn": "2025-12-26", "nhk": "2025-12-26", "rodong_2023": "2023-03-13",
        "rodong_2025": "2026-02-19", "rodong_ko": "2024-03-09", "rodong_old": "2021-09-12", "uriminzokkiri": "2017-08-15", "yonhap": "2025-12-28",
    }  # fmt: skip
    files = {
        file.stem: file
        for folder in ("dates", "html")
        for file in (shared / "faults" / "rhetoric" / folder).glob("*.html")
    }
    assert {name: read_all(files[name])[0][0].date for name in days} == {
        name: None if day is None else dt.date.fromisoformat(day) for name, day in days.items()
    }


def test_a_heading_loses_the_agency_before_its_colon(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f"<html><title>KCNA: Press Statement of Foreign Ministry</title><body><h1>KCNA: Press Statement of Foreign Ministry</h1><p>{'Words. ' * 40}",
        encoding="utf-8",
    )
    assert read_all(page)[0][0].title == "Press Statement of Foreign Ministry"
