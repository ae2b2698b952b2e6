"""Make the font files of this folder from two published OFL typefaces, reproducibly.

    python -m venv fontenv && fontenv/bin/pip install fonttools uharfbuzz
    fontenv/bin/python reports/fonts/build.py

Needs ``npm`` (the faces are published as packages, pinned here by version and by the digest of each file).
The committed files are what this script writes; nothing of it runs when the program runs. What it does to
a face:

- keeps the glyphs of GB 2312, of the General Standard Chinese Characters (通用规范汉字表, 8 105, the
  astral ones too) and of the punctuation and symbols that Chinese papers use; the bold faces only level 1
  of GB 2312, for heads and totals, rare characters fall back to the regular weight;
- half-width figures for the serif face, whose own are proportional and would not stand in columns, and the
  full-width dash, so that —— joins;
- renames the family, since the licence reserves the original names (OFL 1.1, condition 3).
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
VERSION = "0.4.3"


@dataclass(frozen=True, slots=True)
class Source:
    """One face: where it comes from, what it becomes."""

    package: str
    member: str
    sha256: str
    target: str
    family: str
    style: str
    all_hanzi: bool


SOURCES = (
    Source(
        "noto-serif-sc",
        "400Regular/NotoSerifSC_400Regular.ttf",
        "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
        "song.ttf",
        "Gonghui Song",
        "Regular",
        True,
    ),
    Source(
        "noto-serif-sc",
        "700Bold/NotoSerifSC_700Bold.ttf",
        "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
        "song-bold.ttf",
        "Gonghui Song",
        "Bold",
        False,
    ),
    Source(
        "noto-sans-sc",
        "400Regular/NotoSansSC_400Regular.ttf",
        "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
        "hei.ttf",
        "Gonghui Hei",
        "Regular",
        True,
    ),
    Source(
        "noto-sans-sc",
        "700Bold/NotoSansSC_700Bold.ttf",
        "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
        "hei-bold.ttf",
        "Gonghui Hei",
        "Bold",
        False,
    ),
)


def gb2312(rows: range) -> set[int]:
    """Code points of GB 2312 rows (区); 1-9 are symbols, 16-55 level 1 (一级), 56-87 level 2 (二级)."""
    found = set()
    for row in rows:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes((row + 0xA0, cell + 0xA0)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def signs(*spans: tuple[int, int]) -> set[int]:
    """All code points of some inclusive spans."""
    return {code for first, last in spans for code in range(first, last + 1)}


PUNCTUATION = signs(
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x3000, 0x301F),
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
)
SYMBOLS = signs(
    (0x100, 0x17F),
    (0x1CD, 0x1DC),
    (0x20AC, 0x20AC),
    (0x2100, 0x2122),
    (0x2150, 0x217F),
    (0x2190, 0x2193),
    (0x2200, 0x2265),
    (0x2460, 0x249B),
    (0x25A0, 0x25CF),
    (0x2605, 0x2606),
    (0x2713, 0x2717),
    (0x3220, 0x3229),
    (0x33A0, 0x33A1),
)


def wanted(source: Source) -> set[int]:
    """The code points of one face; Latin with marks, because pinyin and foreign names have them."""
    if not source.all_hanzi:
        return PUNCTUATION | gb2312(range(16, 56))
    standard = set(map(ord, (HERE / "hanzi8105.txt").read_text(encoding="utf-8"))) - {0x0A}
    return PUNCTUATION | SYMBOLS | gb2312(range(1, 4)) | gb2312(range(16, 88)) | standard


def fetch(package: str, folder: Path) -> Path:
    """The packed archive of one pinned package."""
    name = f"@expo-google-fonts/{package}@{VERSION}"
    done = subprocess.run(
        ["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / done.stdout.split()[-1]


def member(archive: Path, name: str) -> bytes:
    """One file out of a package archive."""
    with tarfile.open(archive) as tar:
        found = tar.extractfile(f"package/{name}")
        if found is None:
            raise SystemExit(f"{archive.name} has no {name}")
        return found.read()


def remapped(data: bytes) -> bytes:
    """The face with half-width figures where its own vary in width, and with the full-width dash."""
    font = TTFont(BytesIO(data), lazy=True, recalcTimestamp=False)
    cmap = font.getBestCmap()
    swaps = {0x2014: _alternate(font, "fwid", cmap[0x2014])}
    if len({font["hmtx"][cmap[figure]][0] for figure in range(0x30, 0x3A)}) > 1:
        swaps |= {code: _alternate(font, "hwid", cmap[code]) for code in range(0x30, 0x3A)}
    for table in font["cmap"].tables:
        if table.format in (4, 12):
            table.cmap.update({code: glyph for code, glyph in swaps.items() if glyph and code in table.cmap})
    for tag in ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx"):
        if tag in font:
            del font[tag]
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _alternate(font: TTFont, feature: str, glyph: str) -> str | None:
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != feature:
            continue
        for index in record.Feature.LookupListIndex:
            for sub in table.LookupList.Lookup[index].SubTable:
                found = getattr(getattr(sub, "ExtSubTable", sub), "mapping", {}).get(glyph)
                if found:
                    return str(found)
    return None


def subset(data: bytes, codes: set[int]) -> bytes:
    """Only the glyphs of ``codes``, without hints."""
    wish = hb.SubsetInput()
    wish.unicode_set.clear()
    wish.unicode_set.update(codes)
    wish.flags = hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(hb.Face(data), wish).blob.data)


def renamed(data: bytes, source: Source) -> bytes:
    """The face under its own family name; the copyright and licence entries stay."""
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    script = f"{source.family}-{source.style}".replace(" ", "")
    names = {
        1: source.family,
        2: source.style,
        3: f"{script};{VERSION}",
        4: f"{source.family} {source.style}",
        6: script,
    }
    table = font["name"]
    table.names = [
        entry for entry in table.names if entry.nameID in (0, 13, 14) and entry.langID in (0, 0x409)
    ]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    out = BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def main() -> None:
    """Write the four faces and the licence."""
    with tempfile.TemporaryDirectory() as folder:
        archives = {name: fetch(name, Path(folder)) for name in dict.fromkeys(s.package for s in SOURCES)}
        for source in SOURCES:
            data = member(archives[source.package], source.member)
            found = hashlib.sha256(data).hexdigest()
            if found != source.sha256:
                sys.exit(f"{source.member}: digest {found}, expected {source.sha256}")
            made = renamed(subset(remapped(data), wanted(source)), source)
            (HERE / source.target).write_bytes(made)
            print(f"{source.target}: {len(made):,} bytes, sha256 {hashlib.sha256(made).hexdigest()}")
        (HERE / "OFL.txt").write_bytes(member(archives["noto-sans-sc"], "LICENSE_FONT"))


if __name__ == "__main__":
    main()
