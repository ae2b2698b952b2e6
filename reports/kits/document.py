"""A paper of the kits as a whole: its pages, then the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benefits.kits.papers import (
    AllocationSheet,
    CampaignReport,
    Care,
    Delivery,
    SignOff,
    StockReport,
    Undelivered,
)
from reports.kits.closing import draw_campaign
from reports.kits.goods import draw_allocation, draw_delivery, draw_stock
from reports.kits.lists import draw_care, draw_signoff, draw_undelivered
from reports.output import RenderedReport, check_place, put_in_place
from reports.paper import Paper
from reports.words import Progress, Words

Dataset = SignOff | Undelivered | Care | AllocationSheet | Delivery | StockReport | CampaignReport
_DRAW: dict[type, tuple[str, Callable[[Paper, Any, Words, Progress | None], None]]] = {
    SignOff: ("signoff", draw_signoff),
    Undelivered: ("undelivered", draw_undelivered),
    Care: ("birthdays", draw_care),
    AllocationSheet: ("allocation", draw_allocation),
    Delivery: ("delivery", draw_delivery),
    StockReport: ("stock", draw_stock),
    CampaignReport: ("report", draw_campaign),
}


def render(
    dataset: Dataset, path: Path, lang: str = "zh", progress: Progress | None = None
) -> RenderedReport:
    """Draw the paper in ``lang`` and put it at ``path`` in one step; the same dataset always gives the same
    bytes.

    Raises Refused, with an older file at ``path`` untouched, where the file cannot be written or a font
    file is missing.
    """
    check_place(path)
    words = Words(lang, "kits")
    key, draw = _DRAW[type(dataset)]
    if isinstance(dataset, Care) and dataset.visits:
        key = "visits"
    head = dataset.head
    title = words(key, campaign=head.campaign)
    paper = Paper(
        title,
        head.union,
        words("subject", title=title, digest=head.digest),
        lang,
        head.made_at,
        lambda page: words.shared("page", page=page),
        lambda pages: words.shared("pages", pages=pages),
    )
    paper.foot = words("foot", number=head.number, digest=head.digest[:16])
    draw(paper, dataset, words, progress)
    data = paper.finish()
    digest = put_in_place(path, data)
    return RenderedReport(path, paper.page, len(data), digest, tuple(paper.pen.missing))
