"""Papers of the kits (健康包文书): sign-off sheets, allocation, deliveries, stock, the campaign's report, who
has not collected, care lists. ``render(dataset, path)`` draws whichever it is given."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.kits.document import Dataset
    from reports.output import RenderedReport
    from reports.words import Progress


def render(
    dataset: "Dataset", path: Path, lang: str = "zh", progress: "Progress | None" = None
) -> "RenderedReport":
    """Draw a paper and put it at ``path`` in one step; see ``reports.kits.document.render``.

    The typesetting is imported only now: a command that draws nothing does not wait for it.
    """
    from reports.kits.document import render as draw

    return draw(dataset, path, lang, progress)
