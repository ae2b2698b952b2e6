"""A list as parquet (数据交换文件) for other programs: typed columns named by their keys, amounts in fen.

Polars asks for rows in a thread of its own, and a snapshot of the database belongs to the thread that opened
it; so rows are read here and handed over through a short queue.
"""

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benefits.rosters.out import Holds, OutCell, OutColumn, Stamp

_BLOCK = 20_000
_WAITING = 4
"""Blocks that may wait to be written."""


def write_parquet(
    path: Path, columns: Sequence[OutColumn], rows: Iterable[Sequence[OutCell]], stamp: Stamp
) -> int:
    """Write the list; how many rows. What it is, for what and until when stands in the file's metadata."""
    import polars as pl
    from polars.io.plugins import register_io_source

    types = {Holds.TEXT: pl.String(), Holds.DAY: pl.Date(), Holds.MONTH: pl.Date()}
    schema: dict[str, Any] = {column.key: types.get(column.holds, pl.Int64()) for column in columns}
    blocks: queue.Queue[Any] = queue.Queue(_WAITING)
    gone = threading.Event()
    failed: list[BaseException] = []

    def source(*_asked: object) -> Iterator[Any]:
        while (block := blocks.get()) is not None:
            yield block

    def sink() -> None:
        try:
            frame = register_io_source(source, schema=schema)
            frame.sink_parquet(path, metadata=_metadata(stamp))
        except BaseException as error:  # raised again in the caller's thread
            failed.append(error)
        finally:
            gone.set()

    writer = threading.Thread(target=sink, name="parquet", daemon=True)
    writer.start()
    count = 0
    try:
        waiting = iter(rows)
        while block := list(islice(waiting, _BLOCK)):
            count += len(block)
            _hand_over(blocks, pl.DataFrame(block, schema=schema, orient="row"), gone)
    finally:
        _hand_over(blocks, None, gone)
        writer.join()
    if failed:
        raise failed[0]
    return count


def _hand_over(blocks: "queue.Queue[Any]", block: Any, gone: threading.Event) -> None:
    """Wait for room in the queue as long as somebody takes from it."""
    while not gone.is_set():
        try:
            return blocks.put(block, timeout=0.2)
        except queue.Full:
            continue


def _metadata(stamp: Stamp) -> dict[str, str]:
    return {
        "title": stamp.title,
        "organisation": stamp.organisation,
        "made_by": stamp.who,
        "made_at": stamp.made.isoformat(),
        "purpose": stamp.purpose,
        "expires": stamp.expires.isoformat(),
        "revealed": "yes" if stamp.revealed else "no",
    }
