"""`peersim play`: settings are those of experiments, what is wrong is answered in a sentence, and the
page is written whole or not at all.
"""

import shlex
import sys

import pytest

import peersim
from peersim.commands import cli, play
from peersim.commands.completion import proposed
from peersim.commands.play import lesson_with
from peersim.faces.lessons.plan import STANDARD, lesson_of
from peersim.kernel.catalogue import speaking
from peersim.kernel.declaration import InvalidInput
from peersim.scenario.demonstration import Demonstration
from peersim.scenario.scenario import changed

pytestmark = pytest.mark.composes

SMALL = ("population.recipients=8", "population.supporters=3", "weeks=12", "training.weeks=1")


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run the command line in an empty folder; its exit code, and what it says."""
    monkeypatch.chdir(tmp_path)

    def of(line):
        monkeypatch.setattr(sys, "argv", ["peersim", *shlex.split(line)])
        try:
            with speaking("en"):
                cli.main()
            code = 0
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return of


# -- what is wrong --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("play populaton.recipients=3", "Did you mean population.recipients?"),
        ("play lang=da pack=no", "There is no setting called lang."),
        ("play puck=no", "Did you mean pack?"),
        ("play pack=ja", "pack is ja; it can be yes or no."),
        ("play language=sv", "language is sv; it can be en or da."),
        ("play seed=tellin", "it can be a whole number, telling or typical."),
        ("play workers=many", "workers is many"),
        ("play out=lesson", "must end in .html"),
        ("play standard", "standard is no setting"),
        ("play -m", "-m is no setting"),
        ("play project=reden", "Say what sets them apart"),
        ("play communities=[group]", "Say what sets them apart"),
        ("play replicates=4", "replicates belongs to experiments"),
        ("play experiment=compare b.cafe.per_week=1", "experiment belongs to experiments"),
        ("play a.project=redn", "Did you mean reden?"),
        ("play a.group.size=99", "In a: group.size is 99 people; it can be 3 to 30."),
        ("play b.weeks=20", "do not last equally long: 52 and 20 weeks"),
        ("play b.population.recipients=20", "not of the same people"),
        ("play demonstration=contagion project=reden b.cafe.per_week=1", "without exaggeration"),
        ("play project=reden b.demonstration=contagion", "without exaggeration"),
        ("play chosen=chain-1-of-200", "chosen goes with the seed that was found"),
        ("play seed=3 chosen=best", "chosen is best"),
        ("play cafe=${seed} b.weeks=52", "cafe is a group of settings"),
        ("play hydra.run.dir=. b.weeks=52", "hydra.run.dir"),
        ("play population.file=nobody.csv", "nobody.csv"),
    ],
)
def test_what_is_wrong_is_answered_in_a_sentence(run, tmp_path, line, said):
    code, out, err = run(line)
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1, err
    assert not list(tmp_path.iterdir())


@pytest.mark.compiles
def test_nothing_is_left_of_a_page_that_was_not_finished(run, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("peersim.faces.lessons.lesson._knock_outs", stop)
    monkeypatch.setattr("peersim.faces.lessons.lesson.puzzle_of", stop)
    code, out, _ = run(" ".join(["play", *SMALL]))
    assert code == 130 and out == "" and not list(tmp_path.iterdir())


def test_a_file_that_is_no_page_stays(run, tmp_path):
    (tmp_path / "mine.html").write_text("<p>mine</p>")
    code, _, err = run("play out=mine.html")
    assert code == 2 and "is no page of peersim" in err
    assert (tmp_path / "mine.html").read_text() == "<p>mine</p>"


# -- what is shown --------------------------------------------------------------------------------
def of(line):
    return lesson_with(dict(word.split("=", 1) for word in shlex.split(line)))


def test_without_a_word_it_is_the_standard_lesson():
    assert of("") == lesson_of(STANDARD)
    more = of("population.recipients=12 group.size=6")
    usual = lesson_of(STANDARD).designs
    wanted = {"population.recipients": 12, "group.size": 6}
    assert more.designs == {key: changed(each, wanted) for key, each in usual.items()}


def test_the_demonstration_is_the_contagion_lesson():
    assert of("demonstration=contagion") == lesson_of("contagion")
    mild = of("demonstration=contagion departure.loss=1.5 communities=[one_to_one]")
    assert mild.name == "contagion" and mild.designs["a"].departure.loss == 1.5
    assert mild.designs["a"].communities == ["one_to_one"] and mild.is_exaggerated


def test_own_designs_are_those_of_a_comparison():
    lesson = of("project=reden a.communities=[one_to_one] b.communities=[one_to_one,group]")
    reden = peersim.load_scenario("project=reden")
    assert lesson.designs == {
        "a": changed(reden, {"communities": ["one_to_one"]}),
        "b": changed(reden, {"communities": ["one_to_one", "group"]}),
    }
    titles = [str(each) for each in lesson.titles.values()]
    assert titles[1].startswith("B: one-to-one, group, café")
    assert of("b.cafe.per_week=1").designs["a"] == peersim.load_scenario()
    exaggerated = of("demonstration=contagion a.group.size=6 b.group.size=8")
    assert exaggerated.telling == "chain"
    assert exaggerated.designs["b"].demonstration == Demonstration.contagion


def test_designs_of_the_same_kind_say_what_sets_them_apart():
    lesson = of("communities=[group] a.group.size=6 b.group.size=9")
    titles = [str(each) for each in lesson.titles.values()]
    assert titles == ["A: group, with group.size=6", "B: group, with group.size=9"]


def test_a_year_that_was_found_bears_its_rank():
    lesson = play._in_year(of("b.cafe.per_week=1"), "7", "difference-3-of-200")
    assert (lesson.chosen.seed, lesson.chosen.rank, lesson.chosen.of) == (7, 3, 200)
    assert lesson.chosen.said.key == "faces.play.chosen.difference"
    with pytest.raises(InvalidInput):
        play._in_year(of(""), "typical", "difference-3-of-200")


@pytest.mark.compiles
def test_the_page_is_written_and_said_to_be(run, tmp_path):
    settings = " ".join(SMALL)
    code, out, err = run(f"play {settings} b.cafe.per_week=1 out=new/lesson.html seed=3")
    assert code == 0, err
    file = tmp_path / "new" / "lesson.html"
    assert out.startswith("new/lesson.html is written (") and out.count("\n") == 1
    assert f"({file.stat().st_size / 1000:.0f} KB)" in out
    text = file.read_text("utf-8")
    assert '<html lang="en">' in text
    assert str(tmp_path) not in text
    code, out, err = run(
        f"play {settings} b.cafe.per_week=1 out=da.html seed=3 language=da pack=no"
    )
    plain = (tmp_path / "da.html").read_text("utf-8")
    assert code == 0 and '<html lang="da">' in plain
    assert '"command":"peersim play population.recipients=8' in plain
    assert len(plain) > 2 * len(text)


def test_help_shows_how(run):
    code, out, _ = run("play --help")
    assert code == 0 and "demonstration=contagion" in out and "seed=telling" in out
    assert "peersim play" in run("--help")[1]


def test_words_are_completed():
    assert "play" in proposed("peersim pl", cli.COMMANDS)
    assert proposed("peersim play seed=t", cli.COMMANDS) == ["seed=telling", "seed=typical"]
    assert "a.cafe.per_week=" in proposed("peersim play b.cafe.per_week=1 a.cafe.per", cli.COMMANDS)
    assert not proposed("peersim puzz", cli.COMMANDS) and not proposed("peersim less", cli.COMMANDS)
