"""Whether a text is Danish: its words, and how hard it is to read."""

import functools
import re

from peersim import studies
from peersim.commands.completion import OF_A_FOLDER, TOPICS
from peersim.commands.settings import config_type, options
from peersim.kernel.catalogue import catalogue, declared_words
from peersim.kernel.paths import groups, leaves
from peersim.model.communities import REGISTRY
from peersim.model.outcomes import NAMES
from peersim.model.vocabulary import ROLES
from peersim.model.week import WEEK
from peersim.studies.calibration.measurements import TARGETS

STOP_WORDS = set(
    "about above add after again against alike along among an and another anybody apart are as assumptions average "
    "because become before began begin behind below beside better between both brackets but came cannot changes "
    "choose compared could course decides departures design designs did differs does drawn each earlier else ends "
    "enough every everybody everyone far feel few fewer finding first follow followed folder from goes group's had "
    "half happened has have here higher hit how if is it its itself keep kept know leave leaving least less lie lies "
    "longer look makes matched mean means meet meetings middle missed model's month more most much must neither never "
    "no nobody none nor not nothing notice now number numbers of often on one only or other others outcome outcomes "
    "own pair pairs part pattern people reached reaches recipients row rows runs same saved seen sets setting "
    "settings share shares should shown shows since some somebody something source spread stayed still supporters "
    "surely table taken tell than that the their them then there these they this those three through together too "
    "trials two unit until use value values was we week weeks were what when where whether which while who whole "
    "whom whose why with within without world worlds worse worth would years you your".split()
)  # fmt: skip
"""English words that stand in every English text, and that no Danish word is written like."""

HOMOGRAPHS = set("an far feel had half has have hit is mean on one some spread use".split())
"""Of these some that Danish has as well, in other meanings."""

TYPED_ALONE = set("both none or outcomes people recipients supporters weeks first saved a".split())
"""Of the stop words those that a setting is called or can be, alone; and the odds ratio."""

WORD = re.compile(r"[a-zæøåéü]+(?:'[a-z]+)?")
TYPED = re.compile(
    r"`[^`]*`|\{[^}]*\}|uv run peersim|\S*[=_/\[\]<>]\S*|\b[a-z]+(?:\.[a-z]+)+\b|(?<!\w)\.[a-z]+|--?[a-z]\S*"
)
"""What is typed as it stands in any language: settings, commands, files."""


def words(text):
    """Its words, without what is typed."""
    return set(WORD.findall(TYPED.sub(" ", text).lower()))


def danish():
    """Every Danish sentence, by key; words of declarations as ``kind:name``."""
    declared = {
        f"{kind}:{name}": text
        for kind, each in declared_words("da").items()
        for name, text in each.items()
    }
    return {**catalogue("da"), **declared}


@functools.cache
def names():
    """Words that are names in any language: of settings and what they can be, communities, outcomes, studies."""
    paths = [
        *leaves(config_type()),
        *groups(config_type()),
        *options(),
        *NAMES,
        *studies.names(),
        *TOPICS,
    ]
    paths += (
        [target.name for target in TARGETS] + [each.name for each in REGISTRY] + list(OF_A_FOLDER)
    )
    paths += [option for leaf in leaves(config_type()).values() for option in leaf.options]
    paths += [phase.__name__ for phase in WEEK]
    paths += [choice for option in options().values() for choice in option.metadata["choices"]]
    return {part for path in paths for part in path.split(".")} | {*ROLES, "asked", "scenario"}


def names_alone():
    """Of these names those that stand alone in a sentence: others would be common English words there."""
    return names() - (STOP_WORDS - TYPED_ALONE)


@functools.cache
def english():
    """Words of English sentences that occur in no Danish one, and the stop words."""
    own = set().union(*map(words, catalogue("en").values()))
    return (own - set().union(*map(words, danish().values()))) | (STOP_WORDS - HOMOGRAPHS)


def english_in(text, allowed=()):
    """English words of a text; `allowed` are those that are names there."""
    return words(text) & english() - set(allowed)


def lix(texts):
    """Reading index of Björnsson (1968): words a sentence, and long words in 100; and how many words."""
    sentences = [
        found
        for text in texts
        for part in re.split(r"[.!?:;\n]+(?:\s|$)", TYPED.sub(" x ", text))
        if (found := re.findall(r"[\w'-]+", part))
    ]
    every = [word for sentence in sentences for word in sentence]
    long = sum(len(word) > 6 for word in every)
    return len(every) / len(sentences) + 100 * long / len(every), len(every)
