"""The week: everything that happens, in order. Phases read others' last state and write their own.

What each community adds stands in its line of the registry.
"""

from peersim.model.circles import form_circles, keep_queues, see_who_came
from peersim.model.communities import phases
from peersim.model.courses import close_circles, end_courses
from peersim.model.gatherings import introduce, meet_as_supporters, meet_in_cafe, meet_on_their_own
from peersim.model.processes.aftermath import keep_records, part_ways
from peersim.model.processes.attendance import attendance_draw, attendance_propensity, plan_week
from peersim.model.processes.cost import count_price
from peersim.model.processes.departure import leaving_draw, leaving_propensity
from peersim.model.processes.everyday_life import live_everyday
from peersim.model.processes.outside_life import live_outside
from peersim.model.processes.recovery import be_seen, change
from peersim.model.processes.recruitment import recruit
from peersim.model.processes.safety import feel_safe
from peersim.model.processes.sign_up import sign_up_draw, sign_up_propensity
from peersim.model.processes.strain import wear
from peersim.model.processes.training import train
from peersim.model.programme_events import begin_week
from peersim.model.ties import fade_ties

WEEK = (
    begin_week,
    *phases("ends"),
    end_courses,
    sign_up_propensity,
    sign_up_draw,
    *phases("opens"),
    train,
    keep_queues,
    *phases("forms"),
    form_circles,
    plan_week,
    *phases("plans"),
    attendance_propensity,
    attendance_draw,
    see_who_came,
    *phases("meets"),
    meet_in_cafe,
    meet_as_supporters,
    meet_on_their_own,
    introduce,
    fade_ties,
    feel_safe,
    live_outside,
    change,
    wear,
    live_everyday,
    leaving_propensity,
    leaving_draw,
    *phases("parts"),
    part_ways,
    close_circles,
    recruit,
    count_price,
    keep_records,
    be_seen,
)

ALONE = (live_outside, change)
"""What can act on people whom no programme reaches."""
