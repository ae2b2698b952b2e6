"""What of hand-outs, lists and campaigns hangs on members and units (撤销受阻的原因)."""

from benefits.kits.models import (
    AllocationUnit,
    Campaign,
    CampaignUnit,
    Entitled,
    Item,
    Message,
    Station,
    StationUnit,
)
from benefits.kits.models_handout import Allowance, Handout
from benefits.rosters.blocking import hangs

hangs("member", Handout.member_id, "kits.blocks")
hangs("member", Entitled.member_id, "kits.blocks_listed")
hangs("member", Allowance.member_id, "kits.blocks_allowance")
hangs("member", Message.member_id, "kits.blocks_message")
hangs("organisation", Handout.organisation_id, "kits.blocks")
hangs("organisation", Entitled.organisation_id, "kits.blocks_listed")
hangs("organisation", Message.organisation_id, "kits.blocks_message")
hangs("organisation", Campaign.organisation_id, "kits.blocks_campaign")
hangs("organisation", CampaignUnit.organisation_id, "kits.blocks_campaign")
hangs("organisation", Station.organisation_id, "kits.blocks_station")
hangs("organisation", StationUnit.organisation_id, "kits.blocks_station")
hangs("organisation", AllocationUnit.organisation_id, "kits.blocks_campaign")
hangs("organisation", Item.organisation_id, "kits.blocks_item")
