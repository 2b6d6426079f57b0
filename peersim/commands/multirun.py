"""Several jobs with ``-m``: all of them are checked before the first one runs."""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import Any

from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig, open_dict, read_write

from peersim.commands.configuration import plan, raw
from peersim.commands.error_messages import complaint_of
from peersim.commands.overrides import refuse_outside
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput


def jobs(overrides: list[str]) -> list[list[str]]:
    """The overrides of each job that a sweep over these overrides has."""
    from hydra._internal.core_plugins.basic_sweeper import BasicSweeper

    parser = OverridesParser.create(config_loader=GlobalHydra.instance().config_loader())
    return BasicSweeper.split_arguments(parser.parse_overrides(overrides), None)[0]


def check_all(config: DictConfig) -> None:
    """Compose and check every job of a sweep.

    Raises
    ------
    InvalidInput
        About the first job that cannot be run.
    """
    loader = GlobalHydra.instance().config_loader()
    try:
        listed = jobs(raw(config.hydra.overrides.task))
    except Exception as error:  # of which Hydra would only warn here
        raise complaint_of(error) from None
    if not listed:
        raise InvalidInput("errors.configuration.no_jobs")
    for number, overrides in enumerate(listed):
        try:
            node = loader.load_sweep_config(config, list(overrides))
            node.hydra.job.num = node.hydra.job.id = number
            folder, within = node.hydra.sweep.subdir, node.hydra.sweep.dir
        except Exception as error:  # whatever Hydra and OmegaConf make of what the user wrote
            raise complaint_of(error, overrides) from None
        refuse_outside(os.path.join(within, folder), within)
        plan(_task(node), list(overrides))


def _task(node: DictConfig) -> DictConfig:
    """The configuration of one job without Hydra's own part, as the job will see it."""
    HydraConfig.instance().set_config(node)
    task = copy.deepcopy(node)
    with read_write(task), open_dict(task):
        del task["hydra"]
    return task


class CheckAllJobs(Callback):
    """Called by Hydra before a sweep begins; stops the program if any of its jobs cannot be run."""

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Check every job."""
        try:
            check_all(config)
        except InvalidInput as complaint:
            print(say("commands.refused", complaint=complaint), file=sys.stderr)
            sys.exit(2)  # Hydra turns other exceptions of a callback into warnings

    def on_job_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Remove the file that Hydra's sweeper leaves in the folder of the results."""
        if config.hydra.mode == RunMode.MULTIRUN:
            (Path(config.hydra.sweep.dir) / "multirun.yaml").unlink(missing_ok=True)
