from typing import ClassVar

from tui.screens.base import BaseScreen


class System(BaseScreen):
    AREA: ClassVar[str] = "system"
