"""Compilation: the cache is never stale, the undocumented options do what they should, and it
changes no number."""

import errno
import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

import numba
import numpy as np
import pytest
from numba.core.caching import CacheImpl
from numba.core.itanium_mangler import mangle_args
from worlds import interpret, same, same_worlds

import peersim
from peersim.kernel import compiled, compiler
from peersim.kernel.compiled import (
    BLOCK,
    EVERYTHING,
    call,
    compile_alone,
    compile_run,
    digest,
    these,
)
from peersim.kernel.rules import phase, rule
from peersim.model.ahead import LARGE
from peersim.model.outcomes import record
from peersim.model.vocabulary import COMMUNITIES
from peersim.model.week import WEEK
from peersim.run.first_day import create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, compiled_week, run_weeks
from peersim.scenario.scenario import Scenario, changed

pytestmark = pytest.mark.compiles

# -- the cache is never stale ---------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The sources in a folder of their own, of which the digest is then taken."""
    folder = tmp_path / "peersim"
    shutil.copytree(
        Path(compiled.__file__).parents[1],
        folder,
        ignore=shutil.ignore_patterns("__pycache__", "*.nb?"),
    )
    monkeypatch.setattr(compiled, "__file__", str(folder / "kernel" / "compiled.py"))
    return folder


def test_the_digest_depends_on_the_sources_not_on_where_they_are(copied, monkeypatch):
    here = digest()
    monkeypatch.undo()
    assert digest() == here
    assert len(here) == 12


@pytest.mark.parametrize(
    "file",
    [
        *(
            f"kernel/{name}.py"
            for name in ("chance", "compiled", "compiler", "instructions", "rules")
        ),
        *(f"model/{name}.py" for name in ("ties", "people", "vocabulary", "outcomes", "world")),
        *("model/communities/group.py", "model/processes/departure.py", "model/programme.py"),
    ],
)
def test_a_changed_rule_constant_or_phase_changes_the_digest(copied, file):
    before = digest()
    source = copied / file
    source.write_text(source.read_text() + "\n# one more line\n")
    assert digest() != before


def test_each_source_that_compiled_code_comes_from_is_in_the_digest(copied):
    """Whatever function or number the compiled week reaches, a change of its file is noticed."""
    package = Path(peersim.__file__).parent
    before = digest()
    for file in sorted(_reached(WEEK + (record,), package)):
        source = copied / file.relative_to(package)
        text = source.read_text()
        source.write_text(text + "\n# one more line\n")
        assert digest() != before, f"{file.name} can change without a new compilation"
        source.write_text(text)


def _reached(functions, package):
    """Files of all functions that some functions call, directly or through others, and of the
    modules they name."""
    files, todo, done = set(), list(functions), set()
    while todo:
        function = todo.pop()
        if function in done:
            continue
        done.add(function)
        files.add(Path(inspect.getsourcefile(function)))
        names = {name for code in _codes(function.__code__) for name in code.co_names}
        for name in names:
            thing = function.__globals__.get(name)
            if isinstance(thing, FunctionType) and _is_ours(thing, package):
                todo.append(thing)
            elif inspect.ismodule(thing) and _is_ours(thing, package):
                todo += [
                    f for n, f in vars(thing).items() if n in names and isinstance(f, FunctionType)
                ]
    return files


def _is_ours(thing, package):
    return Path(inspect.getsourcefile(thing) or "/").is_relative_to(package)


def _codes(code):
    yield code
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _codes(constant)


def test_a_changed_page_or_command_does_not_ask_for_a_new_compilation(copied):
    before = digest()
    for file in ("commands/cli.py", "presentation/report.py", "engine/pairs.py"):
        source = copied / file
        source.write_text(source.read_text() + "\n# one more line\n")
    assert digest() == before


def test_another_version_of_numba_changes_the_digest(monkeypatch):
    before = digest()
    monkeypatch.setattr(numba, "__version__", "0.0.0")
    assert digest() != before


def test_the_compiled_week_is_kept_under_the_digest():
    assert compiled_week().py_func.__name__.endswith(digest())


def test_another_week_is_kept_under_another_name():
    """A phase less, or two in another order, is another week; the same phases are the same."""
    first, second, *others = WEEK
    orders = [WEEK, (second, first, *others), (first, *others), tuple(WEEK)]
    names = [compile_run(order, record).py_func.__name__ for order in orders]
    assert names[0] == names[3] == compiled_week().py_func.__name__
    assert len(set(names)) == 3


# -- undocumented options of Numba ---------------------------------------------------------------


@rule
def doubled(x):
    return 2.0 * x


@rule
def doubled_and_one(x):
    return doubled(x) + 1.0


def fresh(name="double_all"):
    """A compiled loop over rules, made anew."""
    scope = {"rule_of_all": doubled_and_one}
    exec(
        f"def {name}(values):\n    for k in range(len(values)):\n        values[k] = rule_of_all(values[k])\n",
        scope,
    )
    return numba.njit(nogil=True, _nrt=False)(scope[name])


def test_a_rule_stays_a_plain_python_function():
    assert type(doubled) is FunctionType
    assert doubled(4) == 8.0


def test_all_rules_and_phases_of_the_week_are_plain_python_functions():
    assert all(type(phase) is FunctionType for phase in WEEK)


def test_a_compiled_function_returns_the_right_numbers_after_call():
    values, loop = np.arange(5.0), fresh()
    call(loop, values)
    assert values.tolist() == [1.0, 3.0, 5.0, 7.0, 9.0]
    call(loop, values)
    assert values.tolist() == [3.0, 7.0, 11.0, 15.0, 19.0]
    assert len(loop.overloads) == 1


def test_call_leaves_numba_as_it_was():
    def replaced():
        return [getattr(owner, name) for owner, name, _ in compiler._replacements("any")]

    before = replaced()
    call(fresh(), np.arange(3.0))

    @numba.njit(_nrt=False)
    def broken(values):
        return values.there_is_no_such_thing

    with pytest.raises(numba.TypingError):
        call(broken, np.arange(3.0))
    assert replaced() == before


def test_rules_can_be_called_from_what_numba_compiles_in_its_usual_way():
    """Also after they have been compiled for a caller of ours, unfinished and unlinked."""
    call(fresh(), np.arange(3.0))
    plain = numba.njit(lambda values: [doubled_and_one(x) + np.sum(values) for x in values])
    assert plain(np.array([1.0, 2.0])) == [6.0, 8.0]


# -- arrays read where they stand ----------------------------------------------------------------

CELL = np.dtype((np.record, [("number", "i8"), ("share", "f8")]))


class Tray(NamedTuple):
    """Arrays of the kinds a world has."""

    cells: np.ndarray
    table: np.ndarray
    marks: np.ndarray
    grid: np.ndarray


def tray():
    cells, table = np.zeros(3, CELL), np.zeros((3, 2), CELL)
    cells["number"], table["number"] = [5, 6, 7], [[1, 2], [3, 4], [5, 6]]
    return Tray(cells, table, np.array([2, 0, 1], np.int8), np.arange(6.0).reshape(3, 2))


@rule
def total(line):
    added = 0.0
    for k in range(len(line)):
        added += line[k]
    return added


@phase
def use(world, out):
    for mark in world.marks:
        out[0] = 10 * out[0] + mark
    out[1] = len(world.cells) + world.table.shape[0] * world.table.shape[1]
    out[2] = total(world.grid[2])
    cell, place = world.cells[np.uint32(1)], world.marks[0]
    cell.share, world.marks[2] = world.grid[place, 1] / cell.number, 7
    world.cells[0] = world.cells[place]
    world.table[2, 1] = world.table[0, 0]
    world.grid[0, 0] += world.table[1, 1].number + total(world.grid[1:, 0]) + world.cells.size
    world.grid[1, :] = 0.5
    world.marks.view(np.uint8)[1] = 255


def test_compiled_code_reads_and_writes_arrays_behind_a_reference_as_python_does():
    fast, slow, outs = tray(), tray(), np.zeros((2, 3))
    call(compile_alone(use, "world, out"), fast, outs[0])
    use(slow, outs[1])
    assert outs[0].tolist() == outs[1].tolist() == [201.0, 9.0, 9.0]
    assert fast.cells["number"].tolist() == [7, 6, 7] and fast.grid[0, 0] == 13.0
    assert fast.marks.tolist() == [2, -1, 7]
    assert same_worlds(fast, slow) == []


@phase
def go_too_far(world):
    world.grid[0, 0] = world.grid[1].there_is_no_such_thing


def test_what_an_array_behind_a_reference_cannot_do_is_refused_when_it_is_compiled():
    with pytest.raises(numba.TypingError):
        call(compile_alone(go_too_far, "world"), tray())


@rule
def shared(hours, people):
    return hours / people


@rule
def shared_twice(hours, people):
    return shared(shared(hours, people), people)


@rule
def known(hours):
    return hours if hours > 0.0 else None


@phase
def divide_all(out, people):
    for k in range(len(out)):
        if known(out[k]) is not None:
            out[k] = shared_twice(out[k], people)


def test_an_error_in_a_rule_comes_through_all_its_callers():
    divide, out = compile_alone(divide_all, "out, people"), np.array([8.0, -4.0, 4.0])
    call(divide, out, 2.0)
    assert out.tolist() == [2.0, -4.0, 1.0]
    with pytest.raises(ZeroDivisionError):
        call(divide, out, 0.0)


def test_each_rule_of_the_week_is_compiled_once(monkeypatch, tmp_path):
    """Apart from those that are meant for numbers of several kinds."""
    done = "import peersim; from peersim.kernel import compiler; from collections import Counter\n" \
        "seen, usual = Counter(), compiler.RuleCompiler.compile_extra\n" \
        "def count(self, function):\n" \
        "    seen[function.__module__, function.__qualname__] += 1\n" \
        "    return usual(self, function)\n" \
        "compiler.RuleCompiler.compile_extra = count\n" \
        "peersim.simulate(peersim.load_scenario(), 1)\n" \
        "print([name for (_, name), times in seen.items() if times > 1])"  # fmt: skip
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", done]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['takes_part', 'count_bits']"


# -- where it is kept ----------------------------------------------------------------------------


def test_without_a_folder_to_write_to_it_is_compiled_in_memory(monkeypatch):
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    with pytest.raises(RuntimeError, match="no locator available"):
        numba.njit(cache=True)(doubled)
    values = np.array([8.0, 4.0])
    call(compile_alone(divide_all, "out, people"), values, 2.0)
    assert values.tolist() == [2.0, 1.0]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder of its own for what is compiled, and how to compile and call a phase there."""
    monkeypatch.setattr(numba.core.config, "CACHE_DIR", str(tmp_path))

    def divided():
        values = np.array([8.0, 4.0])
        call(compile_alone(divide_all, "out, people"), values, 2.0)
        return values.tolist()

    return lambda: sorted(tmp_path.rglob("*.nb?")), divided


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("content", [b"", b"garbage", None])
def test_damaged_compiled_code_is_compiled_again(kept, ending, content):
    files, divided = kept
    assert divided() == [2.0, 1.0]
    whole = {path: path.read_bytes() for path in files()}
    assert len(whole) == 2
    for path, there in whole.items():
        if path.suffix == f".{ending}":
            path.write_bytes(there[: len(there) // 2] if content is None else content)
    assert divided() == [2.0, 1.0]
    assert all(path.stat().st_size > 100 for path in files())  # and written anew
    assert divided() == [2.0, 1.0]


def test_compiled_code_for_which_there_is_no_room_is_not_kept(kept, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    files, divided = kept
    monkeypatch.setattr(numba.core.caching.IndexDataCacheFile, "_open_for_write", full)
    assert divided() == [2.0, 1.0] and not files()


def test_what_is_read_from_disk_does_not_make_numba_ready_to_compile():
    compiled_week_is_on_disk = lived_compiled(changed(Scenario(), TINY), 1)
    assert compiled_week_is_on_disk
    program = "import peersim, sys; peersim.simulate(peersim.load_scenario(), 1)\n" \
        "print('numba.np.linalg' in sys.modules)"  # fmt: skip
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout.strip() == "False", told.stderr


# -- one type of world ---------------------------------------------------------------------------


def test_the_type_of_a_world_is_short_in_the_names_of_compiled_symbols():
    world = create(draw_up(changed(Scenario(), TINY)), 1, np.zeros((0, 9)))
    assert len(mangle_args((numba.typeof(world),))) < 200


def test_all_worlds_have_one_type_so_that_one_compilation_serves_all(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(
        "person,role,social_anxiety\nAnna,recipient,0.2\nBo,supporter,\nCy,supporter,\n"
    )
    settings = [{}, {"population.file": str(file)}, MIXES["classes"], MIXES["redesign"]]
    blueprints = [draw_up(changed(Scenario(), TINY | more)) for more in settings]
    blueprints.append(draw_up(people_alone(blueprints[0].scenario)))
    worlds = [create(blueprint, 1, np.zeros((0, len(blueprint.ids)))) for blueprint in blueprints]
    worlds.append(create(blueprints[-1], 1, np.zeros((0, 9)), traced=True))
    worlds.append(create(blueprints[0], 1, np.zeros((15, 9)), rows=(7, 9)))
    assert len({numba.typeof(world) for world in worlds}) == 1


# -- compiled = interpreted ----------------------------------------------------------------------

TINY = {"population.recipients": 6, "population.supporters": 3, "population.arrival_weeks": 2, "weeks": 14,
        "training.weeks": 1, "training.uptake": 0.95, "sign_up.rate": 2.0, "group.size": 4, "group.minimum": 2,
        "group.patience": 1, "group.leaders": 1, "group.weeks": 8, "group.self_run_cohesion": 0.0,
        "one_to_one.weeks": 6, "cafe.per_week": 1.0, "page.contact": 0.5, "supervision.per_month": 2.0,
        "team.per_month": 2.0, "ties.introductions": 0.2, "availability.class_size": 4,
        "availability.class_minimum": 2, "departure.overload": 0.3, "strain.per_hour": 0.2}  # fmt: skip
MIXES = {
    "everything": {"communities": list(COMMUNITIES)},
    "classes": {"communities": ["group", "availability"], "availability.variant": "instructor",
                "organisation": "integrated", "events": [{"week": 5, "lose_supporters": 1}]},
    "redesign": {"communities": ["one_to_one"], "training.form": "webinar", "one_to_one.rematch": False,
                 "events": [{"week": 3, "switch": "one_to_one", "to": "availability"},
                            {"week": 4, "add": "digital"}, {"week": 6, "set": {"cafe.per_week": 0.5}},
                            {"week": 12, "funding_ends": True}]},
}  # fmt: skip


@pytest.mark.parametrize("mix", MIXES)
def test_the_compiled_week_is_the_interpreted_week_bit_for_bit(mix):
    scenario = changed(Scenario(), TINY | MIXES[mix])
    blueprint = draw_up(scenario)
    baseline = baseline_of(draw_up(people_alone(scenario)), 4)
    fast, slow = (create(blueprint, 4, baseline, rows=(200, 50)) for _ in range(2))
    values = [room_for_outcomes(scenario.weeks) for _ in range(2)]
    run_weeks(fast, 0, scenario.weeks, values[0])
    interpret(slow, scenario.weeks, values[1])
    assert fast.clock[0].n_ledger > 0
    assert same(*values)
    assert same_worlds(fast, slow) == []


def lived_by_blocks(scenario, seed, block):
    """What Python itself makes of the text of a run in which blocks of so many people live phases
    apart."""
    blueprint = draw_up(scenario)
    world = create(
        blueprint, seed, baseline_of(draw_up(people_alone(scenario)), seed), rows=(9000, 2000)
    )
    out = room_for_outcomes(scenario.weeks)
    run = compile_run(WEEK, record, block)
    with np.errstate(over="ignore"):
        getattr(run, "py_func", run)(world, 0, scenario.weeks, out, EVERYTHING)
    return world, out


def lived_compiled(scenario, seed, weeks=None):
    blueprint = draw_up(scenario)
    world = create(
        blueprint, seed, baseline_of(draw_up(people_alone(scenario)), seed), rows=(9000, 2000)
    )
    out = room_for_outcomes(scenario.weeks)
    run_weeks(world, 0, scenario.weeks if weeks is None else weeks, out)
    return world, out


@pytest.mark.parametrize("mix", MIXES)
def test_a_week_can_be_lived_phase_by_phase(mix):
    scenario = changed(Scenario(), TINY | MIXES[mix])
    (world, out), (apart, again) = lived_compiled(scenario, 4), lived_compiled(scenario, 4, 0)
    for week in range(scenario.weeks):
        for place in range(len(WEEK) + 1):
            run_weeks(apart, week, week + 1, again, these([place]))
    assert same(out, again)
    assert same_worlds(world, apart) == []


@pytest.mark.parametrize("settings", [{}, {"outside.luck": 1.0, "outside.spiral": 3.0, "change.hope": 0.5,
    "population.supporters": 0}, {"population.arrival_weeks": 40, "departure.life_event": 0.03}])  # fmt: skip
def test_phases_that_are_left_out_of_a_year_without_programme_change_no_score(settings):
    alone = draw_up(people_alone(changed(Scenario(), settings)))
    world = create(alone, 3, np.zeros((0, len(alone.ids))), traced=True)
    run_weeks(world, 0, alone.weeks, room_for_outcomes(alone.weeks))
    assert np.ptp(world.trace, axis=0).min() > 0
    assert same(world.trace, baseline_of(alone, 3))


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("block", [1, 7])
def test_it_does_not_matter_how_many_people_live_apart_at_a_time(mix, block):
    scenario = changed(Scenario(), TINY | MIXES[mix])
    (world, out), (apart, again) = lived_compiled(scenario, 4), lived_by_blocks(scenario, 4, block)
    assert same(out, again)
    assert same_worlds(world, apart) == []


def test_some_phases_are_lived_apart_and_none_that_lets_people_meet():
    apart = [phase.__name__ for phase in (*WEEK, record) if getattr(phase, "apart", False)]
    assert {"attendance_draw", "change", "leaving_draw", "record"} <= set(apart)
    assert not [
        name for name in apart if name.startswith(("meet", "match", "fade", "part", "form", "end"))
    ]


@pytest.mark.slow
def test_a_large_world_whose_rows_are_asked_for_ahead_is_the_interpreted_one():
    scenario = changed(Scenario(), TINY | MIXES["everything"] | {
        "population.recipients": 900, "population.supporters": 240, "weeks": 6, "group.most": 100,
        "population.arrival_weeks": 1, "group.self_run_cohesion": 0.35})  # fmt: skip
    (world, out), (apart, again) = lived_compiled(scenario, 2), lived_by_blocks(scenario, 2, BLOCK)
    assert len(world.people) > LARGE > BLOCK and world.clock[0].n_ledger > 1000
    assert same(out, again)
    assert same_worlds(world, apart) == []


BOUNDS = """
import peersim
from peersim.run.simulation import ensemble
for overrides in {all_overrides}:
    values = ensemble(peersim.load_scenario({always} + overrides), [1, 2, 3]).values
    print("week 40:", values[:, 40, 0, 0].mean())
"""
ALWAYS = ["communities=[one_to_one,group,availability,digital]", "weeks=40", "population.recipients=50",
          "population.supporters=12"]  # fmt: skip
BUSY = ["group.size=30", "group.minimum=15", "group.per_week=4", "cafe.per_week=2", "page.contact=0.3",
        "supervision.per_month=2", "team.per_month=2", "sign_up.rate=2",
        "events=[{week: 20, lose_supporters: 30}, {week: 30, funding_ends: true}]"]  # fmt: skip
CLASSES = ["availability.variant=instructor", "availability.class_size=5", "one_to_one.rematch=false",
           "one_to_one.weeks=8", "group.size=5", "group.self_run_cohesion=0", "departure.life_event=0.03",
           "ties.introductions=0.2", "events=[{week: 9, leave: R3}, {week: 20, switch: group, to: availability}]"]  # fmt: skip


@pytest.mark.slow
def test_nothing_reads_or_writes_beyond_an_array(tmp_path):
    """The same code compiled with checks of every index, also for those below zero, in a process
    and a cache of its own."""
    program = BOUNDS.format(always=ALWAYS, all_overrides=[BUSY, CLASSES, []])
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("week 40: 0.") == 3
