"""``benefits kit``: health kits from the lorry to the signature (健康包): items, stock, campaigns."""

from benefits.commands.options import group

app = group("kit")
