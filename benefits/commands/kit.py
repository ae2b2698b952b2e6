"""``benefits kit``: health kits from the lorry to the signature (健康包): items, stock, campaigns."""

from benefits.commands import (
    kit_allocation,
    kit_campaign,
    kit_care,
    kit_handout,
    kit_items,
    kit_list,
    kit_package,
    kit_station,
    kit_stock,
    kit_stocktake,
    kit_transfer,
)
from benefits.commands.options import group

app = group("kit")
app.add_typer(kit_items.app)
app.add_typer(kit_stock.stores)
app.add_typer(kit_stock.app)
app.add_typer(kit_transfer.app)
app.add_typer(kit_stocktake.app)
app.add_typer(kit_campaign.app)
app.add_typer(kit_station.app)
app.add_typer(kit_list.app)
app.add_typer(kit_allocation.app)
app.add_typer(kit_handout.app)
app.add_typer(kit_package.app)
app.add_typer(kit_care.app)
