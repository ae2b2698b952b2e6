"""What of renewal runs hangs on members, units and terms of cover (撤销受阻的原因)."""

from benefits.renewal.models import Decision, RenewalRun, RunTally, RunUnit
from benefits.rosters.blocking import hangs

hangs("member", Decision.member_id, "renewal.blocks.decisions")
hangs("enrollment", Decision.prior_id, "renewal.blocks.decisions")
hangs("organisation", Decision.organisation_id, "renewal.blocks.decisions")
hangs("organisation", RenewalRun.organisation_id, "renewal.blocks.runs")
hangs("organisation", RunUnit.organisation_id, "renewal.blocks.lists")
hangs("organisation", RunTally.organisation_id, "renewal.blocks.lists")
