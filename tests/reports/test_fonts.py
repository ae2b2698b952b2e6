"""Typefaces: what the committed files cover, what a missing file and a missing character do."""

from dataclasses import replace
from pathlib import Path

import pytest

from benefits.kernel.errors import Refused
from benefits.renewal.dataset import RenewalReport
from reports.fonts import face
from reports.fonts.face import CHAINS, FILES, load
from reports.renewal import render
from tests.reports import factory, reading

NOBODY_HAS = "\U00030edd"  # 𰻝, the biáng of the noodles, in no free face of this size


def gb2312() -> set[str]:
    """The 6 763 characters of GB 2312, levels 1 and 2."""
    found = set()
    for row in range(16, 88):
        for cell in range(1, 95):
            found.add(bytes((row + 0xA0, cell + 0xA0)).decode("gb2312", "ignore"))
    return found - {""}


@pytest.mark.parametrize("name", ["song", "hei"])
def test_regular_faces_cover_the_standards(name: str) -> None:
    standard = set((face.FOLDER / "hanzi8105.txt").read_text(encoding="utf-8")) - {"\n"}
    assert len(gb2312()) == 6763
    assert len(standard) == 8105
    signs = set(
        "·—…“”‘’《》〈〉（）【】〔〕℃①②⑩⑳￥¥％，。；：？！、０９ＡＺ" + "".join(map(chr, range(0x20, 0x7F)))
    )
    assert {char for char in gb2312() | standard | signs | set("㛃䶮𬭎") if not load(name).has(char)} == set()


@pytest.mark.parametrize("name", FILES)
def test_figures_stand_in_columns(name: str) -> None:
    assert len({load(name).widths[figure] for figure in "0123456789"}) == 1


def test_files_stay_small_and_keep_their_licence() -> None:
    assert sum((face.FOLDER / name).stat().st_size for name in FILES.values()) < 9.2e6
    licence = (face.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_the_reserved_names_are_not_used() -> None:
    for name in FILES:
        data = (face.FOLDER / FILES[name]).read_bytes()
        family = load(name).hb_face.get_name(1)
        assert family.startswith("Gonghui ")
        assert b"Noto" not in data.split(b"glyf")[0]


def test_every_font_of_a_report_is_embedded_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    render(factory.district(2, 5), path)
    found = reading.fonts(path)
    assert len(found) == len(FILES)
    for name, font in found.items():
        assert "+Gonghui" in name
        assert font["/Subtype"] == "/Type0"
        assert b"beginbfchar" in font["/ToUnicode"].get_object().get_data()
        inner = font["/DescendantFonts"].get_object()[0].get_object()
        program = inner["/FontDescriptor"].get_object()["/FontFile2"].get_object().get_data()
        assert program[:4] == b"\x00\x01\x00\x00"
        assert len(program) < 600_000, "only the glyphs that are used"


def named(name: str) -> RenewalReport:
    """A small report with one person of this name."""
    report = factory.district(1, 1, 1)
    sheet = report.sheets[0]
    return replace(report, sheets=(replace(sheet, rows=(replace(sheet.rows[0], name=name),)),))


def test_a_missing_character_is_shown_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    made = render(named(f"王{NOBODY_HAS}平"), path)
    assert [(m.char, m.text) for m in made.missing] == [(NOBODY_HAS, f"王{NOBODY_HAS}平")]
    for pages in (reading.pages(path), reading.pdfium_pages(path)):
        assert any("王U+30EDD平" in page for page in pages)


def test_a_report_without_rare_names_misses_nothing(tmp_path: Path) -> None:
    assert render(factory.district(2, 12), tmp_path / "r.pdf").missing == ()


def test_bold_falls_back_to_regular_for_rare_characters(tmp_path: Path) -> None:
    assert not load("song-bold").has("𬭎")
    assert CHAINS["song-bold"][1] == "song"
    path = tmp_path / "r.pdf"
    made = render(replace(factory.empty(), title="关于刘𬭎同志㛃䶮的报告"), path)
    assert made.missing == ()
    assert "关于刘𬭎同志㛃䶮的报告" in reading.pages(path)[0]


@pytest.mark.parametrize("broken", ["missing", "folder", "junk", "cut", "empty"])
def test_a_bad_font_file_is_one_clear_refusal(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts, target = tmp_path / "fonts", tmp_path / "r.pdf"
    fonts.mkdir()
    target.write_bytes(b"old")
    for name in FILES.values():
        (fonts / name).write_bytes((face.FOLDER / name).read_bytes())
    bad = fonts / "song-bold.ttf"
    whole = bad.read_bytes()
    bad.unlink()
    if broken == "folder":
        bad.mkdir()
    elif broken != "missing":
        bad.write_bytes({"junk": b"not a font" * 99, "cut": whole[: len(whole) // 2], "empty": b""}[broken])
    monkeypatch.setattr(face, "FOLDER", fonts)
    load.cache_clear()
    try:
        with pytest.raises(Refused) as refused:
            render(factory.empty(), target)
    finally:
        monkeypatch.undo()
        load.cache_clear()
    kind = "reports.font_unreadable" if broken in ("missing", "folder") else "reports.font_broken"
    assert refused.value.code == kind
    assert str(bad) in str(refused.value)
    assert target.read_bytes() == b"old"
