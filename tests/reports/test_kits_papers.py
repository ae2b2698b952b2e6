"""Papers of the kits, read back: every figure and name is there, signatures stand with what they sign for."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benefits.kits.papers import UnitPart
from reports.kits import render
from reports.kits.document import Dataset
from tests.reports import kits_factory as made
from tests.reports.reading import fonts, outline, pages

PAPERS: dict[str, Dataset] = {
    "signoff": made.signoff(),
    "undelivered": made.undelivered(),
    "birthdays": made.care(False),
    "visits": made.care(True),
    "allocation": made.allocation(),
    "delivery": made.delivery(True),
    "sent": made.delivery(False),
    "stock": made.stock(),
    "report": made.report(),
    "open": made.report(False),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(PAPERS))
def test_a_paper_is_whole(name: str, lang: str, tmp_path: Path) -> None:
    """Own faces only, an outline, number and digest on every page, the same bytes again."""
    path = tmp_path / "paper.pdf"
    done = render(PAPERS[name], path, lang)
    texts = pages(path)
    assert done.pages == len(texts) and done.missing == ()
    head = PAPERS[name].head
    assert all(head.digest[:16] in text and head.number in text for text in texts)
    assert all(font.get("/FontDescriptor") or "/DescendantFonts" in font for font in fonts(path).values())
    assert outline(path)
    first = path.read_bytes()
    render(PAPERS[name], path, lang)
    assert path.read_bytes() == first
    assert not re.search(r"reports\.kits|\{\w+\}", "".join(texts))


@pytest.mark.parametrize("people", [1, 9, 10, 11, 12, 17, 28])
@pytest.mark.parametrize("name", ["signoff", "visits"])
def test_signatures_never_stand_alone(name: str, people: int, tmp_path: Path) -> None:
    """On their page there is a line of the list too, however many lines there are."""
    part = UnitPart("样例小学工会", "U001", made.receivers(people, 0, fen=100 if name == "visits" else None))
    paper: Any = PAPERS[name]
    sheet = replace(paper, units=(part,))
    path = tmp_path / "paper.pdf"
    render(sheet, path)
    last = pages(path)[-1]
    assert "盖章处" in last and f"*{1000 + people - 1}" in last


def test_everybody_is_on_the_sign_off_sheet_once(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    render(made.signoff(units=4, people=33), path)
    text = "".join(pages(path))
    for at in range(33):
        assert len(re.findall(rf"\*{1000 + at}(?!\d)", text)) == 4
    assert "132人" in text
    assert "样例第4小学工会（33人）" in text


def test_an_undelivered_list_that_is_empty_says_so(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    render(made.undelivered(0), path)
    assert "应领人员已全部领取" in "".join(pages(path))


def test_a_delivery_on_the_road_leaves_room_for_what_arrives(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    render(made.delivery(False), path)
    assert "196" not in "".join(pages(path))
    render(made.delivery(True), path)
    text = "".join(pages(path))
    assert "40039631" in text and "外箱受潮" in text  # 合计: 400 sent, 396 whole, 3 broken, 1 missing


def test_the_report_tells_the_seed_case(tmp_path: Path) -> None:
    """2,000 sets, 37 returned, 12 damaged: zero difference; what is not closed says so on every page."""
    path = tmp_path / "paper.pdf"
    render(made.report(), path)
    texts = pages(path)
    whole = "".join(texts)
    assert "差额为零" in whole and "伍万捌仟壹佰叁拾玖元整" in whole and "活动已于2026年11月21日结清" in whole
    assert "2,0001,951012037" in whole  # the annex: in, by name, public, damaged, lost, sent
    assert not any("尚未结清" in text for text in texts)
    render(made.report(False), path)
    assert all("活动尚未结清" in text for text in pages(path))


def test_an_item_that_does_not_add_up_is_named(tmp_path: Path) -> None:
    report = made.report()
    wrong = replace(report.items[0], on_hand=report.items[0].on_hand - 1)
    path = tmp_path / "paper.pdf"
    render(replace(report, items=(wrong, *report.items[1:])), path)
    whole = "".join(pages(path))
    assert "应先查清：健康小三件" in whole and "差额为零。" not in whole.replace("差额应为零。", "")


def test_an_expired_lot_and_a_draft_say_so(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    render(made.stock(), path)
    assert "2026-06-30（已过期）" in "".join(pages(path))
    render(made.allocation(approved=False), path)
    assert all("尚未批准" in text for text in pages(path))
