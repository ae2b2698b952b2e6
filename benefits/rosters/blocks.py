"""What hangs on members, units and terms of cover (撤销受阻的原因), of the packages below rosters."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlmodel import col, select

from benefits.access.models import OrganisationClerk, User
from benefits.contributions.models import Due, Payment
from benefits.enrollment.models import Enrollment
from benefits.kernel.errors import Say, say
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Consent, Member, MemberEvent, Membership, NextOfKin, Standing
from benefits.rosters.blocking import blocks, hangs
from benefits.rosters.models import DuplicateCase, RosterBatch, RosterMapping

hangs("member", Enrollment.member_id, "rosters.blocks.covers")
hangs("member", DuplicateCase.member_id, "rosters.blocks.cases")
hangs("member", DuplicateCase.other_id, "rosters.blocks.cases")
hangs("member", DuplicateCase.result_member_id, "rosters.blocks.cases")
hangs("member", Member.merged_into_id, "rosters.blocks.merged")
hangs("member", NextOfKin.member_id, "rosters.blocks.kin")
hangs("member", Consent.member_id, "rosters.blocks.consents")
hangs("member", MemberEvent.member_id, "rosters.blocks.events")

hangs("organisation", Membership.organisation_id, "rosters.blocks.members")
hangs("organisation", User.organisation_id, "rosters.blocks.users")
hangs("organisation", OrganisationClerk.organisation_id, "rosters.blocks.clerks")
hangs("organisation", Enrollment.organisation_id, "rosters.blocks.covers")
hangs("organisation", Payment.organisation_id, "rosters.blocks.payments")
hangs("organisation", Due.organisation_id, "rosters.blocks.dues")
hangs("organisation", RosterBatch.organisation_id, "rosters.blocks.rosters")
hangs("organisation", RosterMapping.organisation_id, "rosters.blocks.mappings")
hangs("organisation", DuplicateCase.organisation_id, "rosters.blocks.cases")

hangs("enrollment", Enrollment.prior_id, "rosters.blocks.later_term")


@blocks("member")
def _second(unit: ReadUnit, ids: Sequence[int]) -> Mapping[int, Say]:
    """Another union has noted somebody as a member of its own too; the first membership came with the
    person."""
    query = (
        select(Membership.member_id, func.count())
        .where(col(Membership.member_id).in_(ids), col(Membership.standing) == Standing.SECOND)
        .group_by(col(Membership.member_id))
    )
    return {found: say("rosters.blocks.second", count=count) for found, count in unit.exec(query)}


@blocks("enrollment")
def _paid_out(unit: ReadUnit, ids: Sequence[int]) -> Mapping[int, Say]:
    """A payment ended the term: it covered somebody."""
    ended = select(Enrollment.id).where(
        col(Enrollment.id).in_(ids), col(Enrollment.exhausted_on).is_not(None)
    )
    return {found: say("rosters.blocks.paid_out") for found in unit.exec(ended) if found is not None}
