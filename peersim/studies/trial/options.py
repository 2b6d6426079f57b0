"""A simulated trial asks what a randomised trial of this programme would find, and what it would
miss; its protocol says how many take part, where, when they are measured, and who is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from peersim.kernel.declaration import InvalidInput, parameter, within_bounds
from peersim.kernel.paths import converted, leaves
from peersim.model.processes.sign_up import WayIn
from peersim.scenario.run_options import OverSets, Replicated, RunOptions, Sized, option


@dataclass
class Protocol:
    """The keys below ``trial``; what is tried is the programme that is configured."""

    # fmt: off
    intervention: int = parameter(145, "people", 8, 20_000, "people randomised to the programme", "P08", "measured")
    usual: int = parameter(151, "people", 8, 20_000, "people randomised to service as usual", "P08", "measured")
    way_in: WayIn = parameter(WayIn.invited, "-", 0, 2, "how those who are randomised came to the trial, in place of sign_up.way_in: consented (they have said yes before they are randomised, and sign up at once), referred, or invited")
    sites: int = parameter(0, "sites", 0, 1000, "places over which both arms are spread, each with a programme of its own and its own supporters; 0: as many as give each place about the number of recipients that the programme is configured for")
    weeks: int = parameter(0, "weeks", 0, 520, "weeks from a person's enrolment to their measurement at the end; 0: until four in five of those who begin have had the time of their course, as found in a pilot")
    follow_up: int = parameter(0, "weeks", 0, 520, "weeks from the measurement at the end to one more; 0: there is none")
    lost: float = parameter(0.15, "share", 0, 0.6, "share of people in both arms who are not measured again", "O12", "assumption")
    lost_if_gone: float = parameter(1.0, "-", 1, 10, "how many times the odds of not being measured again are for those of the programme's arm who have never begun or have left by then; 1: loss knows nothing about them")
    count_error: float = parameter(1.0, "people", 0, 5, "error of a counted number of ties, standard deviation: an interview forgets some")
    # fmt: on

    def checked(self) -> Protocol:
        """Itself, if it can be used.

        Raises
        ------
        InvalidInput
            One sentence about the first value out of bounds.
        """
        self.way_in = converted(leaves(Protocol)["way_in"], self.way_in)
        within_bounds(self, "trial.")
        if self.sites > min(self.intervention, self.usual):
            raise InvalidInput("trial.errors.sites", sites=self.sites)
        return self


@dataclass(kw_only=True)
class Options(Replicated, Sized, OverSets, RunOptions):
    """What `experiment=trial` reads."""

    trial: Protocol = option(Protocol, "protocol of the trial")
