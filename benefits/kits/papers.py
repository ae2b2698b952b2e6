"""The frozen data of the kits' papers (健康包文书): what a paper says, and nothing that it must look up.

Made by ``benefits.kits.dataset``, each from one snapshot; drawn by ``reports.kits``. Money is integer fen,
dates are inclusive, numbers are masked. ``digest`` is of the paper's own rows, so that a loose sheet can be
found again.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every paper. One that belongs to no campaign has no ``campaign`` and no days."""

    union: str
    """The union that holds the campaign, or keeps the stock (主办工会)."""
    campaign: str
    number: str
    """Of the campaign, or of the paper itself."""
    starts: date | None
    ends: date | None
    made_at: datetime
    made_by: str
    digest: str


@dataclass(frozen=True, slots=True)
class Place:
    """A station or store as papers name it."""

    number: int
    name: str
    address: str
    hours: str
    keeper: str
    host: str
    """The unit that hosts it."""


@dataclass(frozen=True, slots=True)
class Good:
    """An item as papers name it."""

    code: str
    name: str
    measure: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person who is to sign (签收人), or has. ``fen``: money that he or she is to be given."""

    name: str
    id_tail: str
    phone_tail: str
    what: str
    """健康小三件×1."""
    fen: int | None = None
    given_on: date | None = None
    collected_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitPart:
    """The receivers of one unit, in its order on the paper."""

    unit: str
    code: str
    receivers: tuple[Receiver, ...]


@dataclass(frozen=True, slots=True)
class SignOff:
    """A station's sign-off sheet (发放签收表): everybody who collects there, unit by unit."""

    head: Head
    place: Place
    units: tuple[UnitPart, ...]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Entitled people who have collected nothing (未领取名单), unit by unit; the station in ``note``."""

    head: Head
    units: tuple[UnitPart, ...]
    entitled: int
    given: int


@dataclass(frozen=True, slots=True)
class Care:
    """A care list (慰问名单): birthdays of a month or visits, with what each is given and room to sign."""

    head: Head
    visits: bool
    units: tuple[UnitPart, ...]
    wishes: tuple[tuple[str, str], ...] = ()
    """(text, author) of the chosen messages."""


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """What a station, or a unit at its station, is to get; ``quantities`` in the order of the goods."""

    place: Place
    unit: str
    """Empty: the whole station."""
    people: int
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AllocationSheet:
    """The allocation of a campaign (分配表). ``unserved``: units without a station, with their people."""

    head: Head
    goods: tuple[Good, ...]
    stations: tuple[AllocationLine, ...]
    units: tuple[AllocationLine, ...]
    unserved: tuple[tuple[str, int], ...]
    rule: str
    """How the remainder was shared out, as a sentence."""
    approved: bool
    budget_fen: int | None
    cost_fen: int | None
    """What the allocated goods cost by the lots on hand; None where one has no price yet."""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A lot on the road. ``arrived`` None: not yet."""

    good: Good
    lot: str
    expires_on: date | None
    sent: int
    arrived: int | None
    damaged: int
    missing: int
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery note (调拨单): what left, what arrived, who signed."""

    head: Head
    number: str
    source: Place
    target: Place
    sent_on: date
    sent_by: str
    arrived_on: date | None
    arrived_by: str
    carrier: str
    note: str
    lines: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class StockLine:
    """A lot at a place."""

    place: Place
    good: Good
    lot: str
    expires_on: date | None
    on_hand: int
    cost_fen: int


@dataclass(frozen=True, slots=True)
class StockReport:
    """Stock of stores and stations on a day (库存表). ``expired`` lots may not be handed out any more."""

    head: Head
    day: date
    lines: tuple[StockLine, ...]
    on_the_road: tuple[tuple[Good, int], ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of an item, in all or at one station. ``difference = came - went - on_hand``: zero, or
    something is wrong."""

    label: str
    """The item's or the station's name."""
    came: int
    """Received, built, arrived, found."""
    handed: int
    """To people by name, what came back taken off."""
    tally: int
    """To the public without name."""
    damaged: int
    lost: int
    """Lost or missing at a count."""
    sent: int
    """Sent on or returned, used for kits."""
    on_hand: int

    @property
    def difference(self) -> int:
        return self.came - self.handed - self.tally - self.damaged - self.lost - self.sent - self.on_hand


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Entitled people of a street or unit, and how many have been given something (人数)."""

    unit: str
    entitled: int
    given: int


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """The report of a campaign (发放情况报告)."""

    head: Head
    closed_on: date | None
    entitled: int
    people: int
    """Different people who were given something (人数)."""
    handouts: int
    """Hand-outs (人次)."""
    items: tuple[Flow, ...]
    stations: tuple[tuple[str, tuple[Flow, ...]], ...]
    """(item, its flow by station)."""
    units: tuple[UnitCount, ...]
    cost_fen: int
    """Value of what was handed out, by lot."""
    funds: tuple[tuple[str, int], ...]
    """(payer, fen); adds up to ``cost_fen``."""
    budget_fen: int | None
    unsettled: int
    """Hand-outs given twice that nobody has decided on."""
    obstacles: tuple[str, ...]
    """What still stands against closing."""
