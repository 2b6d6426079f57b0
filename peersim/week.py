"""The week: everything that happens, in order. Phases read others' last state and write their
own.
"""

from peersim.circles import form_circles, keep_queues
from peersim.communities.availability import fill_shifts, meet_availability
from peersim.communities.digital import meet_online
from peersim.communities.group import meet_groups
from peersim.communities.one_to_one import end_matches, match, meet_one_to_one
from peersim.courses import close_circles, end_courses
from peersim.gatherings import introduce, meet_as_supporters, meet_in_cafe, meet_on_their_own
from peersim.redesign import begin_week
from peersim.submodels.attendance import attendance_draw, attendance_propensity, plan_week
from peersim.submodels.change import be_seen, change
from peersim.submodels.departure import leaving_draw, leaving_propensity
from peersim.submodels.outside import live_outside
from peersim.submodels.parting import keep_records, part_ways
from peersim.submodels.price import count_price
from peersim.submodels.safety import feel_safe
from peersim.submodels.sign_up import sign_up_draw, sign_up_propensity
from peersim.submodels.strain import wear
from peersim.submodels.training import train
from peersim.ties import fade_ties

WEEK = (
    begin_week,
    end_matches,
    end_courses,
    sign_up_propensity,
    sign_up_draw,
    train,
    keep_queues,
    match,
    form_circles,
    plan_week,
    fill_shifts,
    attendance_propensity,
    attendance_draw,
    meet_one_to_one,
    meet_groups,
    meet_availability,
    meet_online,
    meet_in_cafe,
    meet_as_supporters,
    meet_on_their_own,
    introduce,
    fade_ties,
    feel_safe,
    live_outside,
    change,
    wear,
    leaving_propensity,
    leaving_draw,
    part_ways,
    close_circles,
    count_price,
    keep_records,
    be_seen,
)
