"""Reading a PDF back: text by two readers that share no code, fonts, outline."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2


def pages(path: Path) -> list[str]:
    """The text of each page without white space: readers may take gaps of justified lines for spaces."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(path).pages]


def pdfium_pages(path: Path) -> list[str]:
    """The same by PDFium, which Chrome shows PDFs with."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [squeezed(document[number].get_textpage().get_text_range()) for number in range(len(document))]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


def fonts(path: Path) -> dict[str, dict[str, Any]]:
    """Every font dictionary by its base name, from the pages and the forms within."""
    found: dict[str, dict[str, Any]] = {}
    for page in pypdf.PdfReader(path).pages:
        for font in _fonts(page["/Resources"]):
            found[str(font["/BaseFont"])] = font
    return found


def _fonts(resources: Any) -> Iterator[Any]:
    resources = resources.get_object()
    for font in resources.get("/Font", {}).get_object().values():
        yield font.get_object()
    for form in resources.get("/XObject", {}).values():
        inner = form.get_object().get("/Resources")
        if inner is not None:
            yield from _fonts(inner)


def outline(path: Path) -> list[tuple[int, str, int]]:
    """The bookmarks as (level, title, page number from 1)."""
    reader = pypdf.PdfReader(path)

    def walk(entries: list[Any], level: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, level + 1)
            else:
                yield level, str(entry.title), (reader.get_destination_page_number(entry) or 0) + 1

    return list(walk(reader.outline, 0))
