"""A lesson: everything that the classroom page shows, worked out beforehand and put into one file.

The data of the page are one JSON object. `peersim/faces/lesson.py` makes it, ``web/play.js`` reads
it; this is what both agree on.

**Words.** Whatever people read is a *saying*, ``{"key": ..., "values": {...}}``: a key of the
catalogue without its first word "faces." and what stands in its blanks (numbers, words, lists, or
further sayings), so that ``say(saying.key, saying.values)`` writes it in the language of the page.
Facts of stories are shorter: ``[week, key, values]``, see below.

**The lesson**::

    { "kind": "lesson", "version": 1,
      "language": "da",                 the language in which the page opens; it holds both
      "lesson": "standard",             or "contagion", or "own" (designs from the command line)
      "title": saying,
      "banners": [saying, ...],         what must stand on screen, in print and on the worksheet:
                                        exaggerated; chosen, with its rank; one imagined year
      "exaggerated": false,
      "chosen": {"by": "typical", "rank": 1, "of": 200, "as_long_or_longer": 57, "size": 2.1} | null,
                                        by "chain" (size: departures in a row), "typical" (size: how
                                        far from the middle year), or as `chosen=` says; null: the
                                        year was simply given
      "command": "peersim play ...",    makes this page again
      "asked": {                        what the class guesses
        "outcome": "isolated",          a name of `years`, or "retained"
        "world": "b", "people": 24, "better": "lower",
        "found": 6, "other": 9,         at the end of the year shown, in the world asked about and in
                                        the other, in people
        "low": 3, "high": 11,           of the world asked about in 9 years of 10, in people
        "better_years": 83, "alike_years": 9, "of": 100,   that world against the other, paired
        "question": saying, "years_question": saying, "gap": "guess.gap"},
                                        `gap` is a key; its values are {guess, found, low, high}
      "recordings": [recording, ...],   the first is the year shown; the others are other years of
                                        the same two designs, at most ten
      "switches": {"011": {"a": variant, "b": variant}, ...},
                                        the year shown with something that spreads switched off: bits
                                        in the order social, loss, structure; 1 is on. "111" is the
                                        recording itself and is left out; so is every setting that a
                                        design has switched off anyway ("switchable" below)
      "switchable": ["social", "loss", "structure"],
      "knockouts": {"a": [knockout, ...], "b": [...]},
      "puzzles": [puzzle, ...],
      "teacher": {"plan": [[minutes, saying], ...], "roles": [{"title": saying, "goal": saying}, ...],
                  "questions": [{"ask": saying, "answer": saying}, ...],
                  "assumptions": [saying, ...], "more": saying} }

**A recording** holds people once and any number of worlds of the same people and the same luck::

    { "format": "peersim.recording", "version": 1,
      "made": {"peersim": "0.2.0", "settings": "<digest>", "seed": 196},
      "weeks": 52,
      "people": [{"id": "R3", "role": 0, "anxiety": 70, "exclusion": 60, "stage": 30}, ...],
                                        role 0 participant, 1 peer; traits in hundredths
      "names": {"places": [...], "causes": [...], "communities": [...]},
                                        the engine's words; the numbers below are places in these
      "worlds": [world, ...],
      "years": {"a": {"isolated": {"bands": [[5 %], [25 %], [50 %], [75 %], [95 %]],
                                   "ends": [one a year]}, ...}, "b": ...},     only in the first
      "stories": {"a": {"R3": [fact, ...]}, "b": ...} }                         of each year

``years`` hold shares or numbers as they are measured; `bands` has one row a quantile, one value a week
from 0 on; `ends` of "a" and "b" belong together year by year. Undefined is null.

**A world**::

    { "key": "a", "title": saying, "short": saying,     short: "A", or "A: En til en" on a button
      "settings": {"communities": ["group"], ...},      what sets the two designs apart
      "switches": {"social": 1, "loss": 1, "structure": 1},
      "standing": "<base64>",           (weeks + 1) x people bytes, week by week: low four bits, the
                                        communities somebody takes part in; if none, the high four
                                        bits: 0 nothing yet, 1 in training, 2 waiting, 3 completed,
                                        4 left, 5 closed, 6 moved on
      "connected": "<base64>",          likewise, 0-100, each as the difference from the week before
                                        (modulo 256; week 0 from 0): half as long when packed
      "isolated": "<base64>",           likewise, a bit each: bit (k & 7) of byte (k >> 3), where
                                        k = week x people + person
      "ties": [[i, j, place, from, "0415"], ...],      a digit a week from the end of week `from`: 0
                                        acquainted, 1 somebody to confide in, 2 a friend; + 4 if they
                                        met in this week
      "once": [[i, j, place, from, weeks], ...],       ties of a single meeting: met in week `from`
                                        (digit 4), acquainted (0) for the rest of `weeks` weeks
      "departures": [[week, person, community, cause, caused_by | -1], ...],
      "circles": [[circle, community, from, to, [people, ...]], ...],
      "weekly": {"isolated": [...], "retained": [...], "connectedness": [...], "ties": [...]} }
                                        a value a week from 0 on: how many of those invited, or means
                                        over them. Who takes part, waits or has left this week is
                                        counted from `standing`.

**A variant** is a world that was lived by the same people in the same year as another one, and says
only what differs: it has ``"base": "a"`` and "departures", "circles" and "weekly" of its own, and

- ``standing``, ``connected`` and ``isolated`` are, byte for byte as they are written, the exclusive or with those of the
  base (so most are 0);
- in ``ties`` and ``once`` a pair ``[from, to]`` stands for those of the base from place `from` up to, but without, `to`;
  what has five members is a tie of its own.

**A knock-out** is the same year without one departure that others followed::

    { "person": 17, "week": 12, "world": variant,
      "stay": [4, 9],                   left in the year shown, and now have not at its end
      "later": [[3, 30], ...],          leave all the same, in another week
      "new": [11] }                     left only now: keeping somebody takes a place or an hour

**Stories** tell one person in one world, week by week, in facts ``[week, key, values]``; the sentence is
``say("story." + key, {...values, week})``. Values that are not numbers are names to be put into words:
``where``: ``kind.<where>.name``; ``reason``: ``reason.<reason>``; ``other`` and ``others``: people's ids. The fact
"left" has ``"shares": [["misfit", 60], ["lost_tie", 25]]`` besides, what spoke for leaving in per cent (empty where nothing but
one reason was possible), and ``"by": "S2"`` if another's leaving is named behind it. Keys: invited, training, waiting, joined, matched, confides,
friends, away, back, lost, gives, left, completed, moved_on, closed, stays, never.

**A puzzle**::

    { "key": "leaders", "title": saying, "story": [saying, ...], "goal": saying, "how_many": 8, "of": 16,
      "at_least": 80, "out_of": 100,    years that must reach the goal
      "choose": 2 | null, "budget": 6 | null,          how many choices, or hours a week, at most
      "choices": [{"key": "cafe", "name": saying, "hours": 3}, ...],
      "tried": {"0110": {"share": 86, "failed": [3, 17], "ends": [...], "world": "0110"}, ...},
                                        a bit a choice, in their order; only what the budget allows
      "solutions": ["0110"],            for the teacher
      "hints": [saying, ...], "explain": saying,
      "recording": recording }          one year of every combination: worlds, keyed by the bits; the
                                        first is a world, the others are variants of it

``"kind": "which"`` puzzles ask in which of two worlds people draw each other along: they have ``"recording"`` (two worlds),
``"knockouts"`` as above, ``"answer": "a"`` and ``"explain"`` instead of choices.
"""
