"""``benefits kit``: health kits from the lorry to the signature (健康包): items, stock, campaigns."""

from benefits.commands import kit_care
from benefits.commands.options import group

app = group("kit")
app.add_typer(kit_care.app)
