"""What goes out comes in again and changes nothing, for every kind."""

from datetime import date

from benefits.roster_kinds import KINDS
from benefits.rosters.check import check
from benefits.rosters.kind import Wanted
from benefits.rosters.out import OutForm, Revealed, export, stamp_of
from tests.kits.handing import uncounted
from tests.renewal.factory import plan_text
from tests.rosters.kinds.desk import TODAY, Desk, number, told

WHO = ("姓名", "身份证号码")


def test_export_and_import_are_the_identity(desk: Desk) -> None:
    desk.world.publish(plan_text())
    for n in range(5):
        desk.person("王敏", n, "A1" if n % 2 else "B1", born=date(1966, 3, 1))
    people = [("王敏", number(n, date(1966, 3, 1))) for n in range(5)]
    desk.send(
        "organisations", ("单位编码", "单位名称", "上级工会编码", "职工人数"), ("N1", "新的工会", "A", "12")
    )
    desk.send("transfers", (*WHO, "转入单位"), *((*one, "N1") for one in people[:2]), on="2026-10-01")
    desk.send("enrollments", (*WHO, "份数"), *((*one, 2) for one in people), plan="t", starts="2026-11-15")
    desk.send(
        "retirements", (*WHO, "退休类别", "退休日期"), *((*one, "女55", "2026-11-01") for one in people[3:])
    )
    desk.send("payments", ("单位编码", "金额", "到账日期", "出资方"), ("N1", "36.50", "2026-11-01", "财政"))
    uncounted(desk.database, "送温暖", "健康包")
    lines = [(*one, "300", "家中") for one in people[:3]]
    desk.send("entitled", (*WHO, "慰问金额", "走访地点"), *lines, campaign="送温暖")
    desk.send("handouts", WHO, *people[:3], campaign="送温暖", item="健康包", given_on="2026-11-02")
    seen = {}
    for kind in KINDS.values():
        for form in (OutForm.XLSX, OutForm.CSV):
            path = desk.folder / f"{kind.name}.{form.value}"
            with desk.database.read(desk.actor) as unit:
                stamp = stamp_of(unit, kind.name, "区总工会", "核对")
                wanted = Wanted(f"/{desk.world.places['D']}/", TODAY)
                leave = Revealed("区总工会", "核对", date(2026, 12, 1))
                done = export(unit, kind, wanted, path, form, "zh", stamp, revealed=leave)
                report = check(unit, path, kind)
            assert (told(report), report.same) == ([], done.rows), kind.name
        seen[kind.name] = report.rows
    assert seen == {
        "members": 5,
        "organisations": 8,
        "enrollments": 5,
        "transfers": 5,
        "retirements": 2,
        "payments": 1,
        "entitled": 3,
        "handouts": 3,
    }
