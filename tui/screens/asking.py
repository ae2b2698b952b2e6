"""Screens whose verbs are forms (办理表单): the form says what will happen, then the screen is filled
again."""

from typing import Any

from tui.modals.dialogs import Ask, AskText
from tui.modals.form import Form, Submit
from tui.presenters.forms import Field
from tui.screens.base import BaseScreen


class Asking(BaseScreen):
    """Forms and questions by the id of the command that asks them."""

    def today(self) -> str:
        """The business day, as a form wants it."""
        session = self.gateway.session
        assert session is not None
        return session.today.isoformat()

    def form(
        self,
        id: str,
        said: str,
        fields: tuple[Field, ...],
        submit: Submit,
        *,
        about: str = "",
        danger: bool = False,
    ) -> None:
        """Ask and do; ``about`` names what it is done to, so that a draft of one is no draft of another."""
        heading = self.t(f"tui.cmd.{id}")
        form = Form(heading, said, fields, submit, draft=f"{id}:{about}", danger=danger)
        self.app.push_screen(form, lambda done: self.did(id, done) if done is not None else None)

    def question(self, id: str, said: str, yes: str, act: Any, *, danger: bool = False) -> None:
        """Ask once, then do it beside the keys."""
        heading = self.t(f"tui.cmd.{id}")

        async def job() -> None:
            self.did(id, await act())

        ask = Ask(heading, said, yes, danger=danger)
        self.app.push_screen(ask, lambda answer: self.work(job) if answer else None)

    def why(self, id: str, said: str, hint: str, act: Any) -> None:
        """Ask for a reason, then do it."""

        async def job(reason: str) -> None:
            self.did(id, await act(reason))

        ask = AskText(self.t(f"tui.cmd.{id}"), said, hint)
        self.app.push_screen(ask, lambda reason: self.work(lambda: job(reason)) if reason else None)

    def did(self, id: str, result: Any) -> None:
        """Something was done: say so and show how things stand now."""
        self.benefits.say("tui.kits.done", what=self.t(f"tui.cmd.{id}"))
        self.refill()
