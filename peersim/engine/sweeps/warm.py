"""Imported by the process that workers are forked from: they are born with the week already
compiled.
"""

import contextlib

from peersim.engine.sweeps.batch import warm_up

with contextlib.suppress(
    Exception
):  # a worker will meet the same fault again, and then say what it is
    warm_up()
