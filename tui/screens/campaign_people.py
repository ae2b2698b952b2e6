"""The people of a campaign (发放对象): who is entitled, who waits still, who has had something, who is on the
list."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import kits
from tui.plain import plain
from tui.presenters import kit_forms as forms
from tui.presenters import kits as words
from tui.screens.asking import Asking
from tui.screens.member import Person
from tui.widgets.line import Line
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from tui.gateway import Gateway


class PeoplePages:
    """Pages of one of the lists, read as they are looked at."""

    def __init__(self, gateway: "Gateway", campaign_id: int, which: str, lang: str, total: int) -> None:
        self.gateway, self.campaign_id, self.which, self.lang, self.total = (
            *(gateway, campaign_id, which, lang),
            total,
        )

    async def count(self) -> int:
        """How many people."""
        return self.total

    async def page(self, start: int, limit: int) -> Sequence[Row]:
        """People ``start`` to ``start + limit``."""
        found = await kits.people(self.gateway, self.campaign_id, self.which, start, limit)
        return [Row(one, words.person_cells(one, self.lang)) for one in found]


class CampaignPeople(Asking):
    """Lists of people, Right and Left to the next; Enter opens a person's page."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "people.right", "people.left", "people.add", "people.off"
    )

    def __init__(self, campaign_id: int, name: str) -> None:
        super().__init__()
        self.campaign_id, self.campaign_name = campaign_id, name
        self.which = "waiting"

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.campaign_name, self.t("tui.cmd.campaign.people")]

    def body(self) -> ComposeResult:
        yield Line(id="tabs", classes="line")
        columns = [
            Column("name", self.t("tui.members.col.name"), 14),
            Column("tail", self.t("tui.members.col.id_tail"), 6),
            Column("unit", self.t("tui.members.col.unit"), 16, flex=2),
            Column("amount", self.t("tui.people_of.col.amount"), 12, "right", wide=True),
            Column("site", self.t("tui.people_of.col.site"), 10, flex=1, wide=True),
            Column("given", self.t("tui.people_of.col.given"), 10),
        ]
        yield VirtualTable(columns, id="people", empty=self.t("tui.people_of.nobody"))
        yield Static(plain(self.t("tui.people_of.note")), classes="note")

    async def fill(self) -> None:
        counts = await kits.people_counts(self.gateway, self.campaign_id)
        self.query_one("#tabs", Line).say(words.people_tabs(counts, self.which, self.lang))
        pages = PeoplePages(self.gateway, self.campaign_id, self.which, self.lang, counts[self.which])
        self.query_one(VirtualTable).show(pages, cursor=None)
        self.refresh_bindings()

    def _step(self, step: int) -> None:
        place = words.PEOPLE.index(self.which) + step
        self.which = words.PEOPLE[place % len(words.PEOPLE)]
        self.query_one(VirtualTable).cursor = 0
        self.refill()

    def do_people_right(self) -> None:
        self._step(1)

    def do_people_left(self) -> None:
        self._step(-1)

    def may(self, id: str) -> bool:
        if id == "people.off" and self.which != "listed":
            return False
        return super().may(id)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Person(event.row.key.member_id, event.row.key.name))

    def do_people_add(self) -> None:
        submit = partial(kits.put_on_list, self.gateway, self.campaign_id)
        fields = forms.listed_fields(self.lang)
        self.form(
            "people.add", self.t("tui.people_of.add_words"), fields, submit, about=str(self.campaign_id)
        )

    def do_people_off(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is not None:
            said = self.t("tui.people_of.off_words", name=row.key.name)
            act = partial(kits.take_off_list, self.gateway, self.campaign_id, row.key.member_id)
            self.question("people.off", said, self.t("tui.goods.yes"), act)
