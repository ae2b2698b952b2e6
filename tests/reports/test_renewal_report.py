"""The renewal report read back from its PDF: what it says, and what hostile data does to it."""

import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from benefits.kernel.money import capitals, yuan
from benefits.renewal.dataset import RenewalReport
from reports.output import RenderedReport
from reports.renewal import render
from tests.reports import factory, reading

HOSTILE = (
    "李<b>四", "<img src=x>", "<a href='file:///etc/passwd'>甲</a>", "x</para>y", "&#x4e2d;&amp;",
    "[b]张[/b]", "=1+1", "){}\\(Tj ET", "%(name)s{people}",
)  # fmt: skip


def made(report: RenewalReport, folder: Path, lang: str = "zh") -> tuple[RenderedReport, list[str]]:
    """The report with the text of its pages."""
    done = render(report, folder / "r.pdf", lang)
    return done, reading.pages(done.path)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> tuple[RenewalReport, RenderedReport, list[str]]:
    """A district in Chinese, rendered once."""
    report = factory.district(6, 30)
    return report, *made(report, tmp_path_factory.mktemp("district"))


def test_the_file_is_what_is_told(district: tuple[RenewalReport, RenderedReport, list[str]]) -> None:
    import hashlib

    _, done, pages = district
    data = done.path.read_bytes()
    assert (done.pages, done.bytes) == (len(pages), len(data))
    assert done.sha256 == hashlib.sha256(data).hexdigest()


def test_totals_stand_in_figures_and_in_words(
    district: tuple[RenewalReport, RenderedReport, list[str]],
) -> None:
    report, _, pages = district
    front, whole, total = "".join(pages[:2]), "".join(pages), report.total
    assert f"续保对象共{total.candidates}人次" in front
    assert f"其中续保{total.renewed}人次、新增{total.added}人次" in front
    assert f"不符合条件{total.excluded}人次、本人放弃{total.declined}人次" in front
    assert f"参保{total.people}人次（{report.persons}人）、{total.shares}份" in front
    running = re.compile(r"第\d+页共\d+页批次[^共]*?[0-9a-f]{16}" + report.title)
    assert f"会费合计¥{yuan(total.fen)}元（大写：{capitals(total.fen)}）。" in running.sub("", front)
    for payer in ("区总工会", "基层工会经费"):
        fen = sum(line.fen for line in report.payers if line.payer == payer)
        assert f"{payer}{yuan(fen)}{capitals(fen)}" in whole
    assert f"出资合计¥{yuan(total.fen)}元，会费合计¥{yuan(total.fen)}元，分文相符" in whole


def test_every_part_is_there_in_order(district: tuple[RenewalReport, RenderedReport, list[str]]) -> None:
    _, done, pages = district
    marks = reading.outline(done.path)
    heads = [title for level, title, _ in marks if level == 0]
    assert [head[:2] for head in heads[1:11]] == [f"{n}、" for n in "一二三四五六七八九十"]
    assert heads[11] == "附件：单位续保确认单和花名册"
    for _, title, page in marks[1:11]:
        assert reading.squeezed(title) in pages[page - 1]
    places = [page for _, _, page in marks]
    assert places == sorted(places)
    assert sum(1 for level, _, _ in marks if level == 2) == 18
    assert [title for level, title, _ in marks if level == 1][2:] == list(factory.STREETS[:6])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_has_its_number_the_run_and_the_digest(lang: str, tmp_path: Path) -> None:
    report = factory.district(2, 30)
    done, pages = made(report, tmp_path, lang)
    for texts in (pages, reading.pdfium_pages(done.path)):
        assert len(texts) == done.pages > 12
        for number, text in enumerate(texts, 1):
            assert (f"第{number}页" if lang == "zh" else f"Page{number}") in text
            assert (f"共{done.pages}页" if lang == "zh" else f"of{done.pages}") in text
            assert report.digest[:16] in text
            assert "XB-2026-00" in text
    first = min(page for _, title, page in reading.outline(done.path) if "Annex" in title or "附件" in title)
    assert "XB-2026-001、XB-2026-002" in pages[first - 2] or "XB-2026-001,XB-2026-002" in pages[first - 2]
    assert "XB-2026-002" not in pages[first - 1]


def test_rare_and_long_names_read_back_in_both_readers(
    district: tuple[RenewalReport, RenderedReport, list[str]],
) -> None:
    _, done, pages = district
    for texts in (pages, reading.pdfium_pages(done.path)):
        whole = "".join(texts)
        for name in ("张㛃", "赵䶮", "刘𬭎", "买买提·吐尔逊", factory.NAMES[8]):
            assert whole.count(name) >= 30, name


def test_a_roster_repeats_its_head_and_counts_everyone(tmp_path: Path) -> None:
    report = factory.district(1, 100, 1)
    _, pages = made(report, tmp_path)
    roster = [page for page in pages if "110112********" in page and "花名册" in page and "观察期至" in page]
    assert len(roster) >= 4
    whole = "".join(roster)
    for number in range(1, 101):
        assert f"110112********{999 + number:04d}" in whole
    assert all("花名册（续）" in page for page in roster[1:])
    assert f"合计100{yuan(report.total.fen)}" in roster[-1]
    for reason in ("已达法定退休年龄", "资料缺失；在多个工会重复登记"):
        assert reason in "".join(pages)


def test_the_confirmation_sheet_says_what_is_signed(
    district: tuple[RenewalReport, RenderedReport, list[str]],
) -> None:
    report, done, pages = district
    start = next(page for level, _, page in reading.outline(done.path) if level == 2)
    text, sheet = pages[start - 1], report.sheets[0]
    for words in (
        sheet.unit, sheet.uscc, sheet.unit_code, sheet.street, sheet.plan_name, "30人（续保28人，新增2人）",
        f"¥{yuan(sheet.tally.fen)}元", capitals(sheet.tally.fen), "工会主席（签字）", "盖章处", "年月日",
        f"区总工会¥{yuan(sheet.payers[0][1])}元",
    ):  # fmt: skip
        assert words in text, words


def test_a_heading_stands_with_its_table(tmp_path: Path) -> None:
    report = factory.district(1, 1, 2)
    for more in range(0, 60, 4):
        longer = replace(report, participation=report.participation[:1] * more)
        done, pages = made(longer, tmp_path, "en")
        for _, title, page in reading.outline(done.path)[2:11]:
            after = pages[page - 1].split(reading.squeezed(title), 1)[1]
            assert after.startswith(("Table", "(1)What", "None.")), (title, more)


def test_the_signature_is_never_alone(tmp_path: Path) -> None:
    report = factory.district(1, 1, 1)
    for checks in range(0, 40, 3):
        more = tuple(report.checks[1:2] * checks)
        _, pages = made(replace(report, checks=more), tmp_path)
        page = next(text for text in pages if "盖章处" in text and "特此报告" in text)
        assert "2026年11月22日" in page and "北京市通州区总工会" in page
        assert ("相符" in page) == bool(more)
        assert report.digest in page, "the closing notes stand with it"


def test_a_failed_check_and_a_ledger_that_differs_are_loud(tmp_path: Path) -> None:
    report = factory.district(1, 4, 1)
    broken = replace(
        report,
        checks=((report.checks[0][0], False),),
        payers=(replace(report.payers[0], fen=report.payers[0].fen + 1), *report.payers[1:]),
    )
    whole = "".join(made(broken, tmp_path)[1])
    assert "相差¥0.01元，请查明后再报送" in whole
    assert "不符" in whole.replace("不符合", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_with_no_row_anywhere(lang: str, tmp_path: Path) -> None:
    done, pages = made(factory.empty(), tmp_path, lang)
    whole = "".join(pages)
    assert whole.count("无。" if lang == "zh" else "None.") == 8
    assert "人民币零元整" in whole
    assert done.missing == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_they_are(name: str, tmp_path: Path) -> None:
    report = factory.district(1, 1, 1)
    sheet = report.sheets[0]
    report = replace(
        report,
        title=f"报告{name}",
        made_by=name,
        streets=(replace(report.streets[0], name=name),),
        reasons=(replace(report.reasons[0], name=name),),
        participation=(replace(report.participation[0], unit=name),),
        exceptions=(replace(report.exceptions[0], person=name, reasons=(name,)),),
        payers=tuple(replace(line, payer=name) for line in report.payers),
        sheets=(
            replace(
                sheet,
                unit=name,
                rows=(replace(sheet.rows[0], name=name),),
                left_out=(replace(sheet.left_out[0], name=name),),
            ),
        ),
    )
    done, pages = made(report, tmp_path)
    assert "".join(pages).count(reading.squeezed(name)) >= 12
    reader = pypdf.PdfReader(done.path)
    assert reader.metadata is not None and reader.metadata.title == f"报告{name}"
    assert not any("/Annots" in page or page.images for page in reader.pages)


def test_control_and_direction_characters_never_reach_the_paper(tmp_path: Path) -> None:
    report = factory.district(1, 1, 1)
    sheet = report.sheets[0]
    row = replace(sheet.rows[0], name="张\u202e三\u200b\x07\u2066四")
    done, pages = made(replace(report, sheets=(replace(sheet, rows=(row,)),)), tmp_path)
    assert "张三四" in "".join(pages)
    assert done.missing == ()


def test_long_names_wrap_and_nothing_is_cut(tmp_path: Path) -> None:
    report = factory.district(1, 2, 1)
    unit = "北京城市副中心" + "建设投资运营管理有限责任公司第一分公司" * 6 + "联合工会委员会"
    name = "阿" * 25 + "·" + "提" * 24
    sheet = report.sheets[0]
    rows = tuple(replace(row, name=name) for row in sheet.rows)
    report = replace(
        report,
        title="关于" + "区域性行业性基层工会联合会" * 8 + "的报告",
        issuing_union="北京市通州区" + "城市副中心产业园区" * 4 + "总工会联合会",
        participation=(replace(report.participation[0], unit=unit),),
        streets=(replace(report.streets[0], name="张家湾" * 12 + "镇"),),
        sheets=(replace(sheet, unit=unit, rows=rows),),
    )
    _, pages = made(report, tmp_path)
    whole = "".join(pages)
    assert whole.count(name) == 2
    assert whole.count(unit) >= 3
    assert report.title in pages[0] and "张家湾" * 12 + "镇" in whole


@pytest.mark.parametrize("plans", [1, 2, 5, 9])
def test_any_number_of_plans(plans: int, tmp_path: Path) -> None:
    report = factory.district(3, 3, plans)
    done, pages = made(report, tmp_path)
    whole = "".join(pages)
    for line in report.plans:
        assert line.plan_name in whole
        assert line.run_number in whole
    assert "全部计划" in whole
    assert done.missing == ()


def test_a_unit_that_renews_nobody_still_has_its_sheet(tmp_path: Path) -> None:
    _, pages = made(factory.district(1, 0, 1), tmp_path)
    whole = "".join(pages)
    assert "0人（续保0人，新增0人）" in whole and "人民币零元整" in whole
    assert "本人放弃" in pages[-1]


def test_a_row_taller_than_a_page_does_not_stop_the_press(tmp_path: Path) -> None:
    report = factory.district(1, 3, 1)
    sheet = report.sheets[0]
    row = replace(sheet.left_out[0], reasons=tuple(f"原因{number}需要核实" for number in range(900)))
    _, pages = made(replace(report, sheets=(replace(sheet, left_out=(row, *sheet.left_out)),)), tmp_path)
    whole = "".join(pages)
    assert all(f"原因{number}需" in whole for number in range(0, 900, 50))


def test_two_plans_of_one_name_stay_two(tmp_path: Path) -> None:
    report = factory.district(2, 3, 2)
    first, second = report.plans
    _, pages = made(replace(report, plans=(first, replace(second, plan_name=first.plan_name))), tmp_path)
    street = next(page for page in pages if "街道（乡镇）与计划汇总" in page)
    assert street.count(f"{first.plan_name}{first.plan_name}全部计划") == 1


def test_the_same_dataset_gives_the_same_bytes(tmp_path: Path) -> None:
    report = factory.district(2, 9)
    first = render(report, tmp_path / "a.pdf")
    second = render(report, tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert first.sha256 == second.sha256
    other = render(replace(report, persons=report.persons - 1), tmp_path / "c.pdf")
    assert other.sha256 != first.sha256


def test_the_date_of_the_file_is_that_of_the_data(tmp_path: Path) -> None:
    report = factory.district(1, 1, 1)
    done, _ = made(report, tmp_path)
    metadata = pypdf.PdfReader(done.path).metadata
    assert metadata is not None and metadata.creation_date == report.made_at
    assert metadata.author == report.issuing_union
    assert report.digest in str(metadata.subject)


def test_progress_goes_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    report = factory.district(3, 2)
    render(report, tmp_path / "r.pdf", progress=lambda done, of: told.append((done, of)))
    assert told == [(number, 19) for number in range(1, 20)]


def test_english_paper_keeps_the_data_and_the_capitals(tmp_path: Path) -> None:
    report = factory.district(2, 5)
    _, pages = made(report, tmp_path, "en")
    whole = "".join(pages)
    assert "1.Summary" in pages[0]
    assert f"¥{yuan(report.total.fen)}yuan" in whole
    assert capitals(report.total.fen) in whole
    assert "ConfirmationofRenewalbytheUnit" in whole
    assert "22November2026" in whole


def test_pages_are_a4_upright_and_turned(district: tuple[RenewalReport, RenderedReport, list[str]]) -> None:
    _, done, pages = district
    boxes = [page.mediabox for page in pypdf.PdfReader(done.path).pages]
    sizes = [(round(box.width), round(box.height)) for box in boxes]
    assert set(sizes) == {(595, 842), (842, 595)}
    for size, text in zip(sizes, pages, strict=True):
        wide = "观察期至" in text or "街道（乡镇）与计划汇总" in text
        assert (size == (842, 595)) == wide or "未列入花名册的人员" in text


def test_a_large_district_stays_quick_and_small(tmp_path: Path) -> None:
    import time

    report = factory.district(150, 34, 1)
    start = time.process_time()
    done = render(report, tmp_path / "r.pdf")
    assert done.pages > 300
    assert done.bytes < 4e6
    assert time.process_time() - start < 6
