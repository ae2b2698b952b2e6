from typing import ClassVar

from tui.screens.base import BaseScreen


class Plans(BaseScreen):
    AREA: ClassVar[str] = "plans"
