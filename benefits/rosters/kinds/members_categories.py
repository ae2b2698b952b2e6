"""Worker categories of a roster (新业态类别): words of the file become codes of the code table."""

from collections.abc import Mapping

from sqlmodel import select

from benefits.kernel.text import shown
from benefits.members.models import WorkerCategory
from benefits.rosters.kind import Chunk, Job


def read_categories(job: Job, chunk: Chunk) -> None:
    """Words of the column become codes of the code table (the clerks' own categories too), each written on
    its days only."""
    table: dict[str, WorkerCategory] | None = job.memory.get("categories")
    if table is None:
        table = job.memory["categories"] = {}
        for row in job.unit.exec(select(WorkerCategory)):
            table |= {row.code: row, row.name_zh: row, row.name_en.lower(): row}
    column = chunk.values["worker_category"]
    for at, found in enumerate(column):
        codes = [_category(job, chunk, at, word, table) for word in found or ()]
        column[at] = tuple(dict.fromkeys(code for code in codes if code)) or None


def _category(job: Job, chunk: Chunk, at: int, word: str, table: Mapping[str, WorkerCategory]) -> str | None:
    one = table.get(word) or table.get(word.lower())
    if one is None:
        names = "、".join(dict.fromkeys(row.name_zh for row in table.values()))
        chunk.blame(at, "worker_category", "rosters.cell_choice", text=shown(word), choices=names)
        return None
    if one.starts > job.today or (one.ends is not None and one.ends < job.today):
        words = {"category": one.name_zh, "starts": one.starts, "ends": one.ends or "-"}
        chunk.blame(at, "worker_category", "members.category_not_in_use", on=job.today, **words)
    return one.code
