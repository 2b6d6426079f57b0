"""A community as the programme sees it: what is the same in all of them."""


class Community:
    """Who waits, and the steps of a week that each community takes in its own way, or not at
    all."""

    name, key, membership = "", 0, None
    """Its name in a scenario, its number in the keys of draws, the class of its memberships."""

    staffed_safety = 0.0
    """What staff at its meetings make up for of what safety is missing."""

    def __init__(self, model):
        self.model, self.queue = model, []
        self.look_around()

    def look_around(self):
        """What is the same for everybody this week."""
        self.x = getattr(self.model.x, self.name)
        self.runs = self.name in self.model.x.communities

    def memberships(self, people):
        """Those of some people who have ever come to it."""
        return [p.memberships[self.name] for p in people if self.name in p.memberships]

    def keep_queue(self):
        """Who waits no longer goes, newcomers join at the end in order of row."""
        self.queue = [m for m in self.queue if m.status == "waiting"]
        queued = set(self.queue)
        self.queue += [
            m
            for m in self.memberships(self.model.recipients)
            if m.status == "waiting" and m not in queued
        ]

    def end_for_all(self):
        """What members run themselves goes on."""
        for m in self.memberships(self.model.people):
            if m.is_open and m.status != "self-run":
                m.let_go()
                m.end("closed", "community_closed")
