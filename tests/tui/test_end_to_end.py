"""A clerk in a real terminal, keyboard only: a whole renewal from the first screen to the report, and back to
the shell."""

from datetime import date
from pathlib import Path

from pypdf import PdfReader

from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.unit import ReadUnit
from tests.tui import tiny
from tests.tui.helpers import Terminal

PROGRAM = """
import sys
from datetime import date
import tui
from benefits.kernel.clock import FixedClock
sys.exit(tui.main(sys.argv[1], "wang", sys.argv[2], FixedClock(date.fromisoformat(sys.argv[3]))))
"""

UP, DOWN, RIGHT, ESC, F10, F9 = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b", "\x1b[21~", "\x1b[20~"
CTRL_Q, CTRL_U = "\x11", "\x15"


def _program(address: str, lang: str = "zh", **options: int) -> Terminal:
    return Terminal.python("-c", PROGRAM, address, lang, tiny.TODAY.isoformat(), **options)


def test_a_whole_renewal_with_the_keyboard_only(tmp_path: Path) -> None:
    address = tiny.address(tmp_path)
    paper = tmp_path / "report.pdf"
    with _program(address) as terminal:
        terminal.wait("未续 10 人")
        terminal.send(DOWN)
        terminal.wait(">还有 30 天   2026-12-31  在职女职工")
        terminal.send("\r")
        terminal.wait("的有 10 人。按 F10 预览")
        terminal.send(F10)
        terminal.wait("候选 10 = 续保 8 + 新增 0 + 不续 2 + 本人放弃 0")
        terminal.send("l")
        terminal.wait("共 10 人")
        terminal.send("d")
        terminal.wait("登记本人放弃这一期")
        terminal.send("本人来电\r")
        terminal.wait("本人放弃(人工)")
        terminal.send(ESC)
        terminal.wait("本人放弃 1")
        terminal.send("c")
        terminal.wait("不，返回")
        terminal.send(f"{DOWN}\r")
        terminal.wait("【已核对】")
        terminal.send("a")
        terminal.wait("将写入 7 人续保")
        terminal.send(f"{DOWN}\r")
        terminal.wait("已生效，合计已核对相符")
        terminal.send("\r")
        terminal.wait("已生效，按 p 生成报告")
        terminal.send("p")
        terminal.wait("放在哪里")
        terminal.send(f"{CTRL_U}{paper}\r")
        terminal.wait("报告已生成", 60)
        terminal.send("\r1")
        terminal.wait("已办，余 3 人")
        terminal.send(CTRL_Q)
        assert terminal.wait_exit() == 0
    assert "XB-2026-0001" in "".join(page.extract_text() for page in PdfReader(paper).pages)
    _assert_renewed(address, 7)


def _assert_renewed(address: str, people: int) -> None:
    from benefits.access.queries import INSTALLER
    from benefits.renewal import queries

    def seen(unit: ReadUnit) -> tuple[str, int]:
        view = queries.view(unit, "XB-2026-0001")
        return view.run.state.value, view.renewed

    database = open_database(address, clock=FixedClock(tiny.TODAY))
    with database.read(INSTALLER) as unit:
        assert seen(unit) == ("applied", people)
    database.close()


def test_a_scanned_card_opens_the_person_and_the_terminal_is_given_back(tmp_path: Path) -> None:
    address = tiny.address(tmp_path)
    card = tiny.number(date(1966, 2, 28), 0, True)
    with _program(address, "en", columns=100, rows=30) as terminal:
        terminal.wait("10 to renew")
        terminal.send(f"2{card}\r")
        shown = terminal.wait("119999********0006")
        assert "Members > 李秀英" in shown and card not in shown
        terminal.send(F9)
        terminal.wait("会员 > 李秀英")
        terminal.send(CTRL_Q)
        assert terminal.wait_exit() == 0
        assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h"), (
            "the screen before it is back"
        )
        assert terminal.raw.rfind(b"\x1b[?25h") > terminal.raw.rfind(b"\x1b[?25l"), "and so is the cursor"


def test_a_database_that_is_not_there_is_told_and_left_alone(tmp_path: Path) -> None:
    with _program(str(tmp_path / "none.sqlite")) as terminal:
        terminal.wait("kernel.no_such_database")
        terminal.send("\r")
        terminal.wait("数据库没有打开，按 F5 再试")
        terminal.send(CTRL_Q)
        assert terminal.wait_exit() == 0
    assert list(tmp_path.iterdir()) == []
