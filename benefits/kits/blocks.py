"""Hand-outs that hang on members and units (撤销受阻的原因)."""

from benefits.kits.models_handout import Handout
from benefits.rosters.blocking import hangs

hangs("member", Handout.member_id, "kits.blocks")
hangs("organisation", Handout.organisation_id, "kits.blocks")
