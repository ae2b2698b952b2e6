"""A clerk in a real terminal, keyboard only: a unit's roster from the file to the register, a possible
duplicate decided, and the import taken back."""

from pathlib import Path

from benefits.access.queries import INSTALLER
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.members.search import search
from tests.tui import roster_files, tiny
from tests.tui.helpers import Terminal

PROGRAM = """
import sys
from datetime import date
import tui
from benefits.kernel.clock import FixedClock
sys.exit(tui.main(sys.argv[1], "wang", "zh", FixedClock(date.fromisoformat(sys.argv[2]))))
"""
DOWN, RIGHT, ESC, F10, CTRL_Q = "\x1b[B", "\x1b[C", "\x1b", "\x1b[21~", "\x11"


def test_a_roster_with_the_keyboard_only(tmp_path: Path) -> None:
    address = tiny.address(tmp_path)
    path = roster_files.write(tmp_path)
    with Terminal.python("-c", PROGRAM, address, tiny.TODAY.isoformat()) as terminal:
        terminal.wait("未续 10 人")
        terminal.send("6")
        terminal.wait("还没有导入过")
        terminal.send("n")
        terminal.wait("第 1 步")
        terminal.send(f"{path}\r")
        terminal.wait("标题在第 2 行")
        terminal.send(F10)
        terminal.wait("对应的栏目")
        terminal.send(F10)
        terminal.wait("5 行 = 新增 1 + 更新 1 + 无变化 1 + 待查重 1 + 有问题 1", 60)
        assert "1 行有问题，不能导入" in terminal.text
        terminal.send("m")
        terminal.wait("只导入合格行：按 F10 写入 3 行")
        terminal.send(F10)
        terminal.wait("不，返回")
        terminal.send(f"{DOWN}\r")
        terminal.wait("已导入，批次号 DR-2026-0001", 60)
        assert _found(address, "韩梅") == 1
        terminal.send("\r")
        terminal.wait("没有导入的行")
        terminal.send(ESC)
        terminal.wait("4 导入（可以撤销）")
        terminal.send("d")
        terminal.wait("待处理 1 件")
        terminal.send("\r")
        terminal.wait("依据：姓名和出生日期相同")
        terminal.send("n")
        terminal.wait("不是同一人")
        terminal.send("查过证件\r")
        terminal.wait("没有待处理的疑似重复")
        assert _found(address, "冯军") == 2
        terminal.send(ESC)
        terminal.wait("DR-2026-0001")
        terminal.send("u")
        terminal.wait("为什么撤销")
        terminal.send("导错了文件\r")
        terminal.wait("已撤销")
        terminal.send(CTRL_Q)
        assert terminal.wait_exit() == 0
    assert _found(address, "韩梅") == 0 and _found(address, "冯军") == 1


def _found(address: str, text: str) -> int:
    """How many people of that name are registered."""
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    with database.read(INSTALLER) as unit:
        count = len(search(unit, text))
    database.close()
    return count
