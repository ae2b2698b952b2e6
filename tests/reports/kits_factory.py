"""Hand-made datasets of the papers of kits: the seed case, 2,000 sets, 10 stations; every figure adds up."""

from datetime import UTC, date, datetime

from benefits.kits.papers import (
    AllocationLine,
    AllocationSheet,
    CampaignReport,
    Care,
    Delivery,
    DeliveryLine,
    Flow,
    Good,
    Head,
    Place,
    Receiver,
    SignOff,
    StockLine,
    StockReport,
    Undelivered,
    UnitCount,
    UnitPart,
)

STREETS = (
    "中仓街道",
    "新华街道",
    "北苑街道",
    "玉桥街道",
    "潞源街道",
    "通运街道",
    "宋庄镇",
    "张家湾镇",
    "漷县镇",
    "台湖镇",
)
NAMES = ("样例甲", "样例乙丙", "买买提·阿卜杜拉·艾山江", "欧阳样例", "𬭩样例")
HEAD = Head(
    "通州区总工会",
    "健康进万家",
    "FF-2026-0001",
    date(2026, 11, 1),
    date(2026, 11, 20),
    datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    "样例经办",
    "0123456789abcdef" * 4,
)
PLACES = tuple(
    Place(
        number,
        f"{street}发放点",
        f"{street}样例路{number}号职工之家一层",
        "9:00–11:30，13:30–17:00",
        "样例负责",
        f"{street}总工会",
    )
    for number, street in enumerate(STREETS, 1)
)
STORE = Place(0, "区总工会仓库", "样例路100号", "", "样例保管", "通州区总工会")
SET = Good("JKX", "健康小三件", "套")
LEAFLET = Good("CY", "三减三健宣传册", "册")


def receivers(many: int, given: int, *, fen: int | None = None, note: str = "") -> tuple[Receiver, ...]:
    """So many people, the first ``given`` of whom have it."""
    return tuple(
        Receiver(
            NAMES[at % len(NAMES)],
            f"*{1000 + at}",
            f"*{2000 + at}",
            "健康小三件×1",
            fen,
            date(2026, 11, 3) if at < given else None,
            "样例代领" if at < given and at % 3 == 0 else "",
            note,
        )
        for at in range(many)
    )


def signoff(units: int = 3, people: int = 17) -> SignOff:
    """One station of several units."""
    parts = (UnitPart(f"样例第{n}小学工会", f"U{n:03}", receivers(people, n)) for n in range(1, units + 1))
    return SignOff(HEAD, PLACES[0], tuple(parts))


def undelivered(left: int = 40) -> Undelivered:
    """Whoever has not come."""
    parts = [UnitPart("样例小学工会", "U001", receivers(left, 0, note="3号　北苑街道发放点"))] if left else []
    return Undelivered(HEAD, tuple(parts), 2000, 2000 - left)


def care(visits: bool) -> Care:
    """Birthdays with wishes, or visits with money."""
    fen, note = (50_000, "样例医院住院部") if visits else (30_000, "")
    wishes = (
        () if visits else (("愿你岁岁平安，工作顺心，日子越过越红火。", "样例甲"), ("生日快乐！", "样例乙"))
    )
    return Care(
        HEAD, visits, (UnitPart("样例小学工会", "U001", receivers(12, 4, fen=fen, note=note)),), wishes
    )


def allocation(approved: bool = True) -> AllocationSheet:
    """200 sets a station, 2,000 leaflets."""
    stations = tuple(AllocationLine(place, "", 180 + place.number, (200, 200)) for place in PLACES)
    units = tuple(AllocationLine(place, f"{place.host}机关工会", 90, (100, 100)) for place in PLACES)
    rule = "按应领人数分配，余数按最大余数法逐一加给小数部分大的站点，相同时按站点序号先后。"
    return AllocationSheet(
        HEAD, (SET, LEAFLET), stations, units, (("样例未对应单位", 12),), rule, approved, 6_000_000, 5_800_000
    )


def delivery(arrived: bool) -> Delivery:
    """Two lots; of one, three are broken and one is missing."""
    lines = (
        DeliveryLine(
            SET,
            "2026-10A",
            date(2028, 10, 31),
            200,
            196 if arrived else None,
            3 * arrived,
            arrived,
            "外箱受潮，三套油壶破损，一套短缺" if arrived else "",
        ),
        DeliveryLine(LEAFLET, "2026-1", None, 200, 200 if arrived else None, 0, 0, ""),
    )
    return Delivery(
        HEAD,
        "DB-2026-0007",
        STORE,
        PLACES[2],
        date(2026, 10, 30),
        "样例经办",
        date(2026, 10, 31) if arrived else None,
        "样例负责" if arrived else "",
        "样例物流",
        "",
        lines,
    )


def stock() -> StockReport:
    """Every station, and a lot that has expired."""
    lines = [StockLine(STORE, SET, "2026-10A", date(2028, 10, 31), 37, 2900)]
    lines += [
        StockLine(place, SET, "2026-10A", date(2028, 10, 31), 20 * place.number, 2900) for place in PLACES
    ]
    lines.append(StockLine(PLACES[9], LEAFLET, "2024-1", date(2026, 6, 30), 12, 80))
    return StockReport(HEAD, date(2026, 11, 21), tuple(lines), ((SET, 200), (LEAFLET, 50)))


def report(closed: bool = True) -> CampaignReport:
    """The seed case: one station returns 37, one reports 12 damaged, nothing is left."""
    flows = [Flow(place.name, 200, 200, 0, 0, 0, 0, 0) for place in PLACES]
    flows[3] = Flow(PLACES[3].name, 200, 163, 0, 0, 0, 37, 0)
    flows[6] = Flow(PLACES[6].name, 200, 188, 0, 12, 0, 0, 0)
    handed = sum(flow.handed for flow in flows)
    whole = Flow(SET.name, 2000, handed, 0, 12, 0, 0, 2000 - 12 - handed)
    leaflets = Flow(LEAFLET.name, 2000, 0, 1950, 0, 0, 0, 50)
    units = tuple(UnitCount(street, 200, flow.handed) for street, flow in zip(STREETS, flows, strict=True))
    cost = handed * 2900 + 1950 * 80
    return CampaignReport(
        HEAD,
        date(2026, 11, 21) if closed else None,
        2000,
        handed,
        handed,
        (whole, leaflets),
        ((SET.name, tuple(flows)),),
        units,
        cost,
        (("区总工会", cost - 100_000), ("街道/乡镇总工会", 100_000)),
        6_000_000,
        0 if closed else 2,
        () if closed else ("4号　玉桥街道发放点尚有健康小三件37套未退回。",),
    )
