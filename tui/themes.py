"""The two faces of the program (配色): ink on paper by day, the same calm at night. State is always told by a
word as well."""

from textual.theme import Theme

LIGHT = Theme(
    name="benefits-light",
    primary="#1f5f6b",
    secondary="#4d6a72",
    accent="#9a3b2e",
    warning="#8a5a00",
    error="#a3261d",
    success="#2c6e49",
    foreground="#20282c",
    background="#f6f4ee",
    surface="#fdfcf8",
    panel="#e7e3d8",
    dark=False,
    variables={
        "muted": "#5d676c",
        "rule": "#c9c3b4",
        "bar": "#1f5f6b",
        "on-bar": "#fdfcf8",
        "row": "#d3e4e4",
    },
)
DARK = Theme(
    name="benefits-dark",
    primary="#7fb8bd",
    secondary="#8fa3a8",
    accent="#d98c6a",
    warning="#d9b261",
    error="#e28478",
    success="#86c29a",
    foreground="#d9dedc",
    background="#15191b",
    surface="#1b2023",
    panel="#262d30",
    dark=True,
    variables={
        "muted": "#8b9698",
        "rule": "#3a4447",
        "bar": "#23474d",
        "on-bar": "#e9f0ef",
        "row": "#2c4448",
    },
)
