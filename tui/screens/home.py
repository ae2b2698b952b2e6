from typing import ClassVar

from tui.screens.base import BaseScreen


class Home(BaseScreen):
    AREA: ClassVar[str] = "home"
