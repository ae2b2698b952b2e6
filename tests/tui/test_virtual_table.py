"""The virtual table: cost independent of length, honest cells, few repaints."""

import tracemalloc
from collections.abc import Sequence
from typing import Any

from textual.app import App, ComposeResult
from textual.geometry import Region

from tests.tui.helpers import dump, keys, settle
from tui.widgets.virtual_table import PAGE, Column, Pages, Row, VirtualTable

COLUMNS = (Column("no", "号", 8, "right"), Column("name", "姓名", 12), Column("unit", "单位", 10, flex=1))


class Million:
    """A million rows made when asked for; counts what was asked."""

    def __init__(self, total: int = 1_000_000) -> None:
        self.total, self.asked = total, 0

    async def count(self) -> int:
        return self.total

    async def page(self, start: int, limit: int) -> Sequence[Row]:
        self.asked += 1
        stop = min(start + limit, self.total)
        return [
            Row(n, (str(n), f"会员{n}", "永顺镇机关工会联合会筹备委员会办公室第一工会小组"))
            for n in range(start, stop)
        ]


class Screen(App[None]):
    def __init__(
        self, pages: Pages | Sequence[Row], columns: Sequence[Column] = COLUMNS, empty: str = ""
    ) -> None:
        super().__init__()
        self.pages, self.columns, self.empty = pages, columns, empty
        self.opened: list[Any] = []
        self.moved: list[Any] = []
        self.failed: list[Exception] = []

    def compose(self) -> ComposeResult:
        yield VirtualTable(self.columns, empty=self.empty)

    def on_mount(self) -> None:
        self.query_one(VirtualTable).show(self.pages)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.opened.append(event.row.key)

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        self.moved.append(event.row.key if event.row else None)

    def on_virtual_table_failed(self, event: VirtualTable.Failed) -> None:
        self.failed.append(event.error)


async def test_a_million_rows_are_walked_in_the_memory_of_a_few_pages() -> None:
    source = Million()
    app = Screen(source)
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        assert source.asked == 1, "the first paint needs one page"
        table = app.query_one(VirtualTable)
        tracemalloc.start()
        await keys(pilot, "end")
        assert table.current is not None and table.current.key == 999_999
        assert "999999  会员999999" in dump(app)
        await keys(pilot, "home", "pagedown", "down")
        assert table.current is not None and table.current.key == 19
        for start in range(0, 1_000_000, 9_000):
            table.cursor = start
            await settle(pilot)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert table.pages_kept <= 64
        assert peak < 16_000_000
        await keys(pilot, "enter")
        assert app.opened == [table.cursor]


async def test_a_cut_cell_says_so_and_a_full_one_does_not() -> None:
    rows = [Row(1, ("1", "买买提·吐尔逊江", "永顺镇机关工会")), Row(2, ("2", "欧阳娜娜", "通州"))]
    app = Screen(rows, (Column("no", "号", 2), Column("name", "姓名", 8), Column("unit", "单位", 11)))
    async with app.run_test(size=(40, 6)) as pilot:
        await settle(pilot)
        lines = dump(app).split("\n")
        assert lines[1] == ">1   买买提·…  永顺镇机关…"
        assert lines[2] == " 2   欧阳娜娜  通州"


async def test_moving_the_cursor_repaints_two_rows() -> None:
    app = Screen(Million(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        table = app.query_one(VirtualTable)
        asked: list[tuple[Region, ...]] = []
        original = table.refresh

        def refresh(*regions: Region, **options: Any) -> VirtualTable:
            asked.append(regions)
            return original(*regions, **options)

        table.refresh = refresh  # type: ignore[method-assign]
        await keys(pilot, "down")
        assert [region for regions in asked for region in regions] == [
            Region(0, 1, 60, 1),
            Region(0, 2, 60, 1),
        ]


async def test_keys_stop_at_both_ends_and_pages_leave_one_row() -> None:
    app = Screen(Million(PAGE + 3))
    async with app.run_test(size=(60, 11)) as pilot:
        await settle(pilot)
        table = app.query_one(VirtualTable)
        await keys(pilot, "up", "pageup")
        assert table.cursor == 0
        await keys(pilot, "pagedown")
        assert table.cursor == 9
        await keys(pilot, "end", "down", "pagedown")
        assert table.cursor == PAGE + 2
        assert app.moved[-1] == PAGE + 2


async def test_columns_share_the_room_and_wide_ones_wait_for_it() -> None:
    table = VirtualTable([Column("a", "a", 5, flex=1), Column("b", "b", 5), Column("c", "c", 20, wide=True)])
    assert table.widths(40) == (31, 5, 0)
    assert table.widths(120) == (89, 5, 20)


async def test_an_empty_table_says_what_to_do() -> None:
    app = Screen([], empty="还没有批次，按 n 新建。")
    async with app.run_test(size=(60, 8)) as pilot:
        await settle(pilot)
        assert "还没有批次，按 n 新建。" in dump(app)
        await keys(pilot, "down", "enter", "end")
        assert app.opened == []


async def test_a_source_that_fails_is_told_and_the_program_lives() -> None:
    class Broken(Million):
        async def page(self, start: int, limit: int) -> Sequence[Row]:
            raise OSError("disk")

    app = Screen(Broken())
    async with app.run_test(size=(60, 8)) as pilot:
        await settle(pilot)
        assert [type(error) for error in app.failed] == [OSError]
        table = app.query_one(VirtualTable)
        table.show([Row(7, ("7", "好", ""))])
        await settle(pilot)
        assert table.current is not None and table.current.key == 7


async def test_a_slow_answer_does_not_overwrite_a_later_one() -> None:
    import asyncio

    class Slow(Million):
        async def page(self, start: int, limit: int) -> Sequence[Row]:
            await asyncio.sleep(0.2)
            return await super().page(start, limit)

    app = Screen(Slow(5))
    async with app.run_test(size=(60, 8)) as pilot:
        table = app.query_one(VirtualTable)
        table.show([Row(99, ("99", "后来", ""))])
        await settle(pilot)
        await asyncio.sleep(0.3)
        await settle(pilot)
        assert table.total == 1 and table.current is not None and table.current.key == 99
