"""The command line: a first word without ``=`` is a command, everything else is a Hydra run."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import re
import shlex
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from peersim.kernel.catalogue import LANGUAGES, Foreign, Sentence, say, speak
from peersim.kernel.declaration import InvalidInput

if TYPE_CHECKING:
    from argparse import Namespace

    from omegaconf import DictConfig

    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario


def _describe(words: Sequence[str]) -> None:
    # nothing is computed, so NumPy need not start a thread for each core: a fifth of the time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from peersim.commands.describe import describe

    print(describe(words))


def _cite(words: Sequence[str]) -> None:
    from peersim.commands.cite import cite

    folders = [word for word in words if word != "--bibtex"]
    if len(folders) != 1 or folders[0].startswith("-"):
        raise InvalidInput("errors.commands.cite")
    print(cite(folders[0], bibtex="--bibtex" in words))


def _help(words: Sequence[str] = ()) -> None:
    from pathlib import Path

    here = Path(__file__).resolve().parents[1]

    def listed(group: str) -> str:
        folders = (here / "configs" / group, here.parent / "configs" / group)
        names = sorted(
            {file.stem for folder in folders for file in folder.glob("*.yaml")} - {"none"}
        )
        text = ", ".join(["none", *names] if group == "project" else names)
        return textwrap.fill(
            text, 100, initial_indent=" " * 33, subsequent_indent=" " * 33
        ).lstrip()

    print(say("commands.help", projects=listed("project"), experiments=listed("experiment")))


def _rerun(words: Sequence[str]) -> None:
    from peersim.commands.rerun import command

    if code := command(words):
        sys.exit(code)


def _completion(words: Sequence[str]) -> None:
    from peersim.commands.completion import answer

    print(answer(words, COMMANDS), end="")


def _find(words: Sequence[str]) -> None:
    if not words or set(words) & {"-h", "--help"}:
        print(say("find.help"))
    else:
        _simulate(["experiment=find", *words])


def _serve(words: Sequence[str]) -> None:
    if set(words) & {"-h", "--help"}:
        print(say("serve.help"))
    else:
        from peersim.app.start import serve

        serve(words)


def _play(words: Sequence[str]) -> None:
    if set(words) & {"-h", "--help"}:
        print(say("commands.play.help"))
    else:
        from peersim.commands.play import command

        command(words)


def _share(words: Sequence[str]) -> None:
    if set(words) & {"-h", "--help"}:
        print(say("commands.share.help"))
    else:
        from peersim.commands.share import command

        command(words)


COMMANDS: dict[str, Callable[[Sequence[str]], None]] = {
    "describe": _describe,
    "cite": _cite,
    "find": _find,
    "play": _play,
    "rerun": _rerun,
    "serve": _serve,
    "share": _share,
    "completion": _completion,
    "help": _help,
}
"""Commands by their word; each takes the words that follow."""

SPEAKING = ("describe", "cite", "completion", "help")
"""Commands for which it is enough that the language is spoken: they know no settings."""


def _version() -> None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(say("commands.version", version=version("peersim")))
    except PackageNotFoundError:
        print(say("commands.no_version"))


def run(kind: str, scenario: Scenario, settings: RunOptions) -> int:
    """Hand a checked job over to the study that was asked for; its exit code."""
    from peersim.studies import run_study

    for note in scenario.people.notes if scenario.people is not None else ():
        print(f"{scenario.population.file}: {note}", file=sys.stderr)
    return run_study(kind, scenario, settings)


def _run_one(overrides: Sequence[str], command: str) -> int:
    """A job of settings alone: Hydra composes it and has no further part in it."""
    from peersim.commands.configuration import compose, own_folder, plan

    kind, scenario, settings = plan(_spoken(compose(list(overrides))), overrides, command)
    settings.out = own_folder(settings.out, overrides)
    return run(kind, scenario, settings)


def _spoken(node: DictConfig) -> DictConfig:
    """The same configuration, in whose language everything is said from now on."""
    if node.get("language") in LANGUAGES:
        speak(node.language)
    return node


def _run_of_hydra(node: DictConfig, command: str) -> int:
    """A job that Hydra has begun, perhaps one of several."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    from peersim.commands.configuration import own_folder, plan, raw

    hydra = HydraConfig.get()
    overrides = raw(hydra.overrides.task)
    kind, scenario, settings = plan(_spoken(node), overrides, command)
    if hydra.mode == RunMode.MULTIRUN:
        settings.out = os.path.join(hydra.sweep.dir, hydra.sweep.subdir)
        said = say("commands.job", number=hydra.job.num + 1, overrides=" ".join(overrides))
        print(f"\n{said}", flush=True)
    else:
        settings.out = own_folder(settings.out, overrides)
    try:
        return run(kind, scenario, settings)
    finally:
        with contextlib.suppress(OSError):
            os.rmdir(
                settings.out
            )  # only if empty: Hydra makes the folder of a job before the job begins


class _Job:
    """The task Hydra runs. It remembers that it began: errors before that are about the
    configuration.
    """

    def __init__(self, command: str) -> None:
        self.command, self.began, self.code = command, False, 0

    def __call__(self, node: DictConfig) -> None:
        self.began = True
        try:
            self.code = max(self.code, _run_of_hydra(node, self.command))
        except InvalidInput as complaint:  # leave from here, or Hydra would add words of its own
            _refuse(complaint)
        except BrokenPipeError:
            _stop_writing()


def _stop_writing() -> None:
    """The reader of our output, such as `head`, has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_in_order() -> list[int]:
    """Let whoever ends this program from outside (a job scheduler, a closed terminal) leave things
    as Ctrl-C does; gives the signal that came, once it has.
    """
    came: list[int] = []

    def stop(number: int, frame: Any) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)  # once is enough: what is under way is cleared away
        came.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, stop)
    return came


def _refuse(complaint: Any) -> NoReturn:
    print(say("commands.refused", complaint=complaint), file=sys.stderr)
    sys.exit(2)


def _refuse_disk(error: OSError) -> NoReturn:
    """A disk that is full, or the like, where what is printed goes or a list of names is to go."""
    from peersim.results.disk import refusal

    if (reason := refusal(error)) is None or isinstance(error, FileNotFoundError):
        raise error
    if error.filename is None:
        _stop_writing()
    place = error.filename or say("errors.folder.what_is_printed")
    _refuse(InvalidInput("errors.folder.place_unwritable", place=place, reason=reason))


def _complain(message: str) -> NoReturn:
    said = Foreign(f"{message[:1].upper()}{message[1:]}.")
    raise InvalidInput("errors.commands.arguments", Sentence("errors.commands.help"), said=said)


def _check_arguments(arguments: Sequence[str]) -> Namespace:
    """Refuse what Hydra's own parser would answer with a page of usage, and what it must not do."""
    from hydra._internal.utils import get_args_parser

    from peersim.commands.overrides import refuse_options, refuse_overrides, refuse_too_many

    parser = get_args_parser()
    parser.error = _complain  # type: ignore[method-assign]
    understood = parser.parse_intermixed_args(list(arguments))
    refuse_options(understood)
    refuse_overrides(understood.overrides)
    refuse_too_many(understood.overrides)
    return understood


def _speak_as_saved(understood: Namespace) -> None:
    """Begin with the language that the user's own configurations ask for, if none is typed: one
    that cannot be composed is refused in it.
    """
    if understood.config_dir is None or any(map(_LANGUAGE.fullmatch, understood.overrides)):
        return
    from pathlib import Path

    for group, _, option in (each.partition("=") for each in understood.overrides):
        file = Path(understood.config_dir, group, f"{option}.yaml")
        text = file.read_text("utf-8", "replace") if file.is_file() else ""
        asked = re.search(r"(?m)^language:\s*(\w+)", text)
        if asked and asked[1] in LANGUAGES:
            speak(asked[1])


def _simulate(arguments: Sequence[str]) -> None:
    from peersim.commands.settings import refuse_unknown

    refuse_unknown(arguments)
    from peersim.commands.configuration import quoted, register

    register()
    command = shlex.join(["peersim", *arguments])
    if all(re.match(r"(?!hydra\b)\w[^$]*=[^$]*\Z", argument) for argument in arguments):
        code = _run_one([quoted(argument) for argument in arguments], command)
    else:
        code = _hydra(arguments, command)
    if code:
        sys.exit(code)


def _hydra(arguments: Sequence[str], command: str) -> int:
    """Leave it to Hydra's own command line: several jobs, and whatever else it can do."""
    import hydra

    from peersim.commands.configuration import VERSION_BASE, compose, quoted
    from peersim.commands.error_messages import complaint_of
    from peersim.commands.overrides import watched
    from peersim.scenario.presets import config_folder

    os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra then raises instead of printing and leaving with 1
    understood = _check_arguments(arguments)
    _speak_as_saved(understood)
    overrides, job = list(understood.overrides), _Job(command)
    options = [argument for argument in arguments if argument not in overrides]  # in any place
    # where Hydra reads them
    sys.argv[1:] = options + [quoted(each, bool(understood.multirun)) for each in overrides]
    is_watched = understood.config_dir is not None
    watch = watched(compose([], with_hydra=True)) if is_watched else contextlib.nullcontext()

    def peersim(node: DictConfig) -> None:
        job(node)

    own = {"config_path": config_folder(), "config_name": "config", "version_base": VERSION_BASE}
    run_it = hydra.main(**own)(peersim)
    try:
        with watch:
            run_it()
    except Exception as error:
        if job.began:
            raise
        _refuse(complaint_of(error, overrides))
    return job.code


_LANGUAGE = re.compile(r"\+{0,2}language=(\w*)")


def _speaks(arguments: Sequence[str]) -> list[str]:
    """Begin with the language that is asked for, so that every complaint is worded in it; gives the
    other words.
    """
    asked = [found for word in arguments if (found := _LANGUAGE.fullmatch(word))]
    for found in asked:
        if found[1] not in LANGUAGES:
            from peersim.kernel.paths import no_such_option

            raise no_such_option("language", found[1], LANGUAGES)
        speak(found[1])
    return [word for word in arguments if not _LANGUAGE.fullmatch(word)]


def _command(arguments: Sequence[str]) -> None:
    others = _speaks(arguments)
    if sys.flags.optimize > 1:  # descriptions of groups and targets are docstrings
        raise InvalidInput("errors.commands.no_descriptions")
    first = others[0] if others else ""
    if first in ("-h", "--help"):
        return _help()
    if first == "--version":
        return _version()
    if first in ("-sc", "--shell-completion") and others[1:] == ["install=bash"]:
        return _completion(())  # Hydra's own knows neither commands nor what words a setting can be
    if not first or first.startswith("-") or "=" in first or first.startswith(("+", "~")):
        return _simulate(arguments)
    if first not in COMMANDS:
        from peersim.kernel.paths import did_you_mean

        hint = did_you_mean(first, COMMANDS, Sentence("errors.commands.help"))
        raise InvalidInput("errors.commands.unknown", hint, name=first)
    if first in SPEAKING:
        return COMMANDS[first](others[1:])
    place = arguments.index(first)
    return COMMANDS[first]([*arguments[:place], *arguments[place + 1 :]])


def main() -> None:
    """Run the command line; what the user got wrong ends in one or two sentences and exit code
    2.
    """
    # what is read in stays, and little else goes round in circles: looking for it takes a twentieth
    # of the time, and a tenth more at the end, when all of it is given back anyway
    gc.set_threshold(500_000)
    atexit.register(gc.freeze)
    came = _end_in_order()
    try:
        _command(sys.argv[1:])
        sys.stdout.flush()
    except InvalidInput as complaint:
        _refuse(complaint)
    except KeyboardInterrupt as stop:
        said = str(stop) or say("commands.stopped")
        print(say("commands.refused", complaint=said), file=sys.stderr)
        sys.exit(128 + (came or [signal.SIGINT])[0])
    except BrokenPipeError:
        _stop_writing()
    except OSError as error:
        _refuse_disk(error)


if __name__ == "__main__":
    main()
