from typing import ClassVar

from tui.screens.base import BaseScreen


class Members(BaseScreen):
    AREA: ClassVar[str] = "members"
