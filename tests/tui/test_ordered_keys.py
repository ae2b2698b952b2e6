"""Keys arrive whole and in order, in a real terminal; the twin with the mixin off shows that the test can
fail."""

import time

from tests.tui.helpers import ROOT, Terminal

SCANS = ("110112199001011237", "110112198502285424", "11011219790630891X")
APP = str(ROOT / "tests" / "tui" / "scan_app.py")


def _submitted(terminal: Terminal, count: int) -> list[str]:
    def there(text: str) -> bool:
        return sum(line.endswith(";") for line in text.split("\n")) >= count

    terminal.wait(there, 60)
    return [line for line in terminal.text.split("\n") if line.endswith(";")]


def test_three_scans_in_one_write_arrive_whole_and_in_order() -> None:
    with Terminal.python(APP) as terminal:
        terminal.wait("READY")
        terminal.send("".join(f"{scan}\r" for scan in SCANS))
        assert _submitted(terminal, 3) == [f"first={scan};" for scan in SCANS]


def test_thirty_scans_without_a_gap() -> None:
    with Terminal.python(APP, rows=60) as terminal:
        terminal.wait("READY")
        numbers = [f"{n:03d}11234567" for n in range(30)]
        for number in numbers:
            terminal.send(f"{number}\r")
        assert _submitted(terminal, 30) == [f"first={number};" for number in numbers]


def test_type_ahead_across_fields_stays_in_its_field() -> None:
    with Terminal.python(APP) as terminal:
        terminal.wait("READY")
        terminal.send("zhang\t1101122001\x7f2\r\x1b[Z\x1b[Fwang\r")
        assert _submitted(terminal, 2) == ["second=1101122002;", "first=zhangwang;"]


def test_a_paste_waits_its_turn() -> None:
    with Terminal.python(APP) as terminal:
        terminal.wait("READY")
        terminal.send("a\t\x1b[200~张伟 123\x1b[201~b\r")
        assert _submitted(terminal, 1) == ["second=张伟 123b;"]


def test_without_the_mixin_a_burst_is_damaged() -> None:
    with Terminal.python(APP, "--plain") as terminal:
        terminal.wait("READY")
        terminal.send("".join(f"{scan}\r" for scan in SCANS))
        end = time.monotonic() + 2
        while time.monotonic() < end:
            terminal.read()
        got = [line for line in terminal.text.split("\n") if line.endswith(";")]
        assert got != [f"first={scan};" for scan in SCANS], (
            "Textual keeps the order itself now: drop the mixin"
        )
