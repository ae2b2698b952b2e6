"""Ordered keys: a burst from a card reader, or keys typed ahead, arrive whole and in order (按键保序).

Textual 8.2.8 hands a printable key to the focused input, but Enter, Tab and Backspace travel up to the app as
bindings and run later; in a burst three scanned numbers become one string submitted three times, or are lost
(ANCHORS V.0.1). So key and paste events wait in a queue of the app, and the next one is released only when
the last has been dealt with by the focused widget, by all its ancestors and by the app, and whatever they
posted to one another has been too.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump

from tui import _compat

_PASSES = 2
"""One pass for the key and its bubbling, a second for the messages (``Submitted``, …) that its handlers
posted."""
_MOST_PASSES = 6
"""A key that keeps moving the focus is let go after this many passes."""
_PATIENCE = 5.0
"""Seconds after which a barrier that was lost with a closing widget no longer holds the keys back."""

_LOOK = 0.004
"""Seconds between two looks at what holds the keys back."""

if TYPE_CHECKING:
    _Base = App[int]
else:
    _Base = object


class OrderedKeys(_Base):
    """Mixin for an app; stands before ``App`` in the bases."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Message] = deque()
        self._current: Message | None = None
        self._passed = False
        """Keys went past without barriers; before one that needs them, what they began must be through."""
        self._ticket = 0
        self._watchdog: asyncio.TimerHandle | None = None

    @property
    def keys_at_rest(self) -> bool:
        """Whether every key that has come in has been dealt with."""
        return self._current is None and not self._waiting

    def post_message(self, message: Message) -> bool:
        """Queue fresh keys and pastes; everything else goes straight on."""
        if isinstance(message, events.Key | events.Paste) and not _compat.is_forwarded(message):
            if not self.is_running:
                return super().post_message(message)
            self._waiting.append(message)
            self._release()
            return True
        return super().post_message(message)

    async def on_event(self, event: events.Event) -> None:
        """After the app has handed the key on, follow it up with barriers."""
        if event is not self._current:
            await super().on_event(event)
            return
        start = self._focus_node()
        passing = self.lets_pass(event)
        await super().on_event(event)
        if passing:
            self._passed = True
            self._done(self._ticket)
        else:
            self._follow(start, 1)

    def _release(self) -> None:
        if self._current is not None or not self._waiting:
            return
        self._ticket += 1
        self._watch()
        if self._passed and not self.lets_pass(self._waiting[0]):
            self._passed = False
            self._current = Message()  # nothing but a turn: the barriers come first
            self._follow(self._focus_node(), 1)
            return
        self._current = self._waiting.popleft()
        super().post_message(self._current)

    def _watch(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
        loop = asyncio.get_running_loop()
        self._watchdog = loop.call_later(_PATIENCE, self._done, self._ticket)

    def _done(self, ticket: int) -> None:
        if ticket != self._ticket or self._current is None:
            return
        self._current = None
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        self._release()

    def held_back(self) -> bool:
        """Whether the next key must wait for something that the last one has begun, such as the list of a new
        screen."""
        return False

    def lets_pass(self, message: Message) -> bool:
        """Whether the focused widget deals with this key all by itself, in the order in which it comes: then
        the next one need not wait for barriers."""
        return False

    def _focus_node(self) -> DOMNode:
        return self.focused or self.screen

    def _follow(self, start: DOMNode, number: int) -> None:
        """Send one barrier through ``start``, its ancestors and the app, then decide on another."""
        chain: list[MessagePump] = [*start.ancestors_with_self]
        if chain[-1] is not self:
            chain.append(self)
        ticket = self._ticket

        def hop(position: int) -> None:
            while position < len(chain):
                step = position + 1
                if chain[position].call_later(hop, step):
                    return
                position = step
            self._after_pass(ticket, start, number)

        hop(0)

    def _after_pass(self, ticket: int, start: DOMNode, number: int) -> None:
        if ticket != self._ticket:
            return
        now = self._focus_node()
        if number < _PASSES or (now is not start and number < _MOST_PASSES):
            self._follow(now, number + 1)
        else:
            self._when_calm(ticket)

    def _when_calm(self, ticket: int) -> None:
        """Let the next key go as soon as nothing holds it back; the watchdog bounds the wait."""
        if ticket != self._ticket:
            return
        if self.held_back():
            asyncio.get_running_loop().call_later(_LOOK, self._when_calm, ticket)
        else:
            self._done(ticket)
