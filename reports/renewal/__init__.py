"""The renewal report for the district federation (续保报告, DOMAIN 4.3): ``render(dataset, path)``."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benefits.renewal.dataset import RenewalReport
    from reports.output import RenderedReport
    from reports.words import Progress


def render(
    dataset: "RenewalReport", path: Path, lang: str = "zh", progress: "Progress | None" = None
) -> "RenderedReport":
    """Draw the report and put it at ``path`` in one step; see ``reports.renewal.document.render``.

    The typesetting is imported only now: a command that draws nothing does not wait for it.
    """
    from reports.renewal.document import render as draw

    return draw(dataset, path, lang, progress)
