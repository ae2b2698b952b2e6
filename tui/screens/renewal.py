from typing import ClassVar

from tui.screens.base import BaseScreen


class Renewal(BaseScreen):
    AREA: ClassVar[str] = "renewal"
