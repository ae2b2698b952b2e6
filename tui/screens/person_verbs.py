"""What can be done to a person (会员办理): each verb is a form that says what will happen."""

from functools import partial
from typing import TYPE_CHECKING, Any

from tui.gateways import members
from tui.modals.dialogs import Choose, Tell
from tui.modals.find_member import FindMember
from tui.modals.form import Form, Submit
from tui.presenters import person as words
from tui.presenters.forms import Field
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row

if TYPE_CHECKING:
    from benefits.members.queries import MemberDetail

GONE = ("resigned", "deceased")


class PersonVerbs(BaseScreen):
    """The verbs of a person's page; the page itself is ``screens.member.Person``."""

    member_id: int
    member_name: str
    person: "MemberDetail | None" = None

    def may(self, id: str) -> bool:
        if id.startswith("person.") and not self._fits(id):
            return False
        return super().may(id)

    def _fits(self, id: str) -> bool:
        """Whether the verb can be meant for this person now."""
        person = self.person
        if person is None or person.merged_into_id is not None:
            return id in ("person.timeline", "person.file")
        status = person.status.value if person.status is not None else "in_post"
        open_here = person.organisation_id is not None
        wants_membership = ("person.transfer", "person.leave", "person.retire", "person.plan")
        if id in wants_membership and (not open_here or status in GONE):
            return False
        if id in ("person.retire", "person.plan") and status == "retired":
            return False
        if id == "person.cancel_plan":
            return person.planned_retirement is not None
        if id == "person.rejoin":
            return not open_here
        return not (id == "person.death" and status == "deceased")

    def _today(self) -> str:
        session = self.gateway.session
        assert session is not None
        return session.today.isoformat()

    def _form(
        self, id: str, said: str, fields: tuple[Field, ...], submit: Submit, *, danger: bool = False
    ) -> None:
        heading = self.t(f"tui.cmd.{id}")
        form = Form(heading, said, fields, submit, draft=f"{id}:{self.member_id}", danger=danger)
        self.app.push_screen(form, lambda done: self._done(heading) if done is not None else None)

    def _done(self, what: str) -> None:
        self.benefits.say("tui.unit.done", what=what, name=self.member_name)
        self.refill()

    # -- the record --------------------------------------------------------------------------------------

    def do_person_edit(self) -> None:
        if (person := self.person) is None:
            return

        async def submit(values: dict[str, Any]) -> None:
            changes = words.changed(person, values)
            if changes:
                await members.edit(self.gateway, self.member_id, person.version, changes)

        self._form("person.edit", "", words.record_fields(person, "", self.lang), submit)

    def do_person_reveal(self) -> None:
        options = tuple((name, self.t(f"tui.person.reveal.{name}")) for name in members.REVEALED)
        fields = (
            Field("field", self.t("tui.person.which"), "pick", options=options),
            words.reason_field(self.lang),
        )

        async def submit(values: dict[str, Any]) -> tuple[str, str | None]:
            number = await members.reveal(self.gateway, self.member_id, values["field"], values["reason"])
            return values["field"], number

        def shown(done: Any) -> None:
            if done is not None:
                field, number = done
                said = number or self.t("tui.missing")
                self.app.push_screen(Tell(self.t(f"tui.person.reveal.{field}"), said))

        said = self.t("tui.person.reveal_words", name=self.member_name)
        self.app.push_screen(Form(self.t("tui.cmd.person.reveal"), said, fields, submit), shown)

    # -- membership --------------------------------------------------------------------------------------

    def do_person_transfer(self) -> None:
        if (person := self.person) is None:
            return
        fields = (
            Field("organisation", self.t("tui.person.to_unit"), "unit"),
            words.on_field("tui.person.from", self._today(), self.lang),
        )
        said = self.t("tui.person.transfer_words", name=person.name, unit=person.organisation)
        self._form("person.transfer", said, fields, partial(members.transfer, self.gateway, self.member_id))

    def do_person_leave(self) -> None:
        fields = (words.on_field("tui.unit.last_day", self._today(), self.lang),)
        said = self.t("tui.person.leave_words", name=self.member_name)
        submit = partial(members.leave, self.gateway, self.member_id)
        self._form("person.leave", said, fields, submit, danger=True)

    def do_person_rejoin(self) -> None:
        hint = self.t("tui.person.rejoin_hint")
        fields = (
            Field("organisation", self.t("tui.person.to_unit"), "unit"),
            words.on_field("tui.person.from", self._today(), self.lang),
            words.reason_field(self.lang, needed=False, hint=hint),
        )
        said = self.t("tui.person.rejoin_words", name=self.member_name)
        self._form("person.rejoin", said, fields, partial(members.rejoin, self.gateway, self.member_id))

    def do_person_death(self) -> None:
        fields = (words.on_field("tui.person.died_on", self._today(), self.lang),)
        said = self.t("tui.person.death_words", name=self.member_name)
        submit = partial(members.record_death, self.gateway, self.member_id)
        self._form("person.death", said, fields, submit, danger=True)

    # -- retirement --------------------------------------------------------------------------------------

    def do_person_retire(self) -> None:
        if (person := self.person) is None:
            return
        fields = (
            words.on_field("tui.person.retired_on", self._today(), self.lang),
            words.reason_field(self.lang, needed=False, hint=self.t("tui.person.retire_hint")),
        )
        said = self.t("tui.person.retire_words", range=words.range_words(person, self.lang))
        self._form("person.retire", said, fields, partial(members.retire, self.gateway, self.member_id))

    def do_person_plan(self) -> None:
        if (person := self.person) is None:
            return
        said = self.t("tui.person.plan_words", range=words.range_words(person, self.lang))
        submit = partial(members.plan_retirement, self.gateway, self.member_id)
        self._form("person.plan", said, words.plan_fields(person, self.lang), submit)

    def do_person_cancel_plan(self) -> None:
        if (person := self.person) is None or person.planned_retirement is None:
            return
        fields = (words.on_field("tui.person.from", self._today(), self.lang),)
        month = f"{person.planned_retirement:%Y-%m}"
        said = self.t("tui.person.cancel_plan_words", name=person.name, month=month)
        submit = partial(members.cancel_plan, self.gateway, self.member_id)
        self._form("person.cancel_plan", said, fields, submit)

    # -- merging -----------------------------------------------------------------------------------------

    def do_person_merge(self) -> None:
        self.app.push_screen(FindMember(self.t("tui.person.merge_with")), self._merge_with)

    def _merge_with(self, row: Any) -> None:
        if row is None or row.id == self.member_id or self.person is None:
            return
        mine = (self.member_name, self.person.organisation or "-", self.person.id_number or "-")
        other = (row.name, row.organisation or "-", row.id_tail or "-")
        columns = [
            Column("name", self.t("tui.members.col.name"), 10),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1),
            Column("id", self.t("tui.person.id_number"), 18),
        ]
        rows = [
            Row((self.member_id, row.id, mine, other), mine),
            Row((row.id, self.member_id, other, mine), other),
        ]
        self.app.push_screen(
            Choose(self.t("tui.case.survivor"), columns, rows, wide=True),
            lambda pair: self._merge(*pair) if isinstance(pair, tuple) else None,
        )

    def _merge(self, survivor: int, other: int, mine: tuple[str, ...], theirs: tuple[str, ...]) -> None:
        async def submit(values: dict[str, Any]) -> None:
            await members.merge(self.gateway, survivor, other, values["reason"])
            self.member_id, self.member_name = survivor, mine[0]

        said = self.t(
            "tui.case.will_merge", keep=mine[0], keep_unit=mine[1], other=theirs[0], other_unit=theirs[1]
        )
        fields = (words.reason_field(self.lang, hint=self.t("tui.case.why")),)
        self._form("person.merge", said, fields, submit, danger=True)
