"""The document about a calibration, and the sample that ships: both made from the folder of a
finished calibration.

``uv run python -m peersim.calibration.document results/calibration`` writes ``docs/calibration.md``
and ``peersim/data/plausible.parquet``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peersim.results.folder import read_manifest, read_results
from peersim.studies.calibration.settings import SETTINGS
from peersim.studies.calibration.tables import observed
from peersim.studies.calibration.targets import GROUPS, NOT_USED

if TYPE_CHECKING:
    import polars as pl

HERE = Path(__file__).resolve().parents[3]
DOCUMENT, SHIPPED = (
    HERE / "docs" / "calibration.md",
    HERE / "peersim" / "data" / "plausible.parquet",
)
NOT_PARAMETERS = ("set", "worst")

_HEAD = """# Calibration

Most parameters of this model cannot be looked up. What can be looked up is what such programmes look like from outside:
how many never start, come, drop out, get better. This page says which values of the parameters go with those figures,
which figures the model does not meet, and what remains unknown. It is written by the calibration itself:

```
uv run peersim experiment=calibration size=full out=results/calibration
uv run python -m peersim.calibration.document results/calibration
```

`size=quick` takes three minutes of one core's time and is good for trying; `size=full`, nearly half an hour of it,
makes the sample that ships (`workers=2` nearly halves both). Both go on where they were interrupted, and the same seed
gives the same sample.

## How

Targets are measured in programmes as near as the model comes to those that were studied (below). Each has an error
(of the observation) and a discrepancy (how far the model may be off because people, programme or count were others);
a target is *hit* if the median of the plausible sets lies within two standard deviations of both together. Every
parameter is spread over its declared bounds. Sets are run in waves: after each, a quadratic stand-in for the
simulation is fitted to the last two waves, and the next sets are drawn (by differential evolution Markov chains)
where it says that targets are met; its own error counts in favour of a set. Each set of the last wave is run {each}
times; those that miss no target by three standard deviations are weighed by how well they fit, against how they were
drawn, and {plausible} are drawn without replacement: the plausible sets (`parameters=plausible`). {honest}

Why no library for this: pyABC works, but brings 65 packages and is not reproducible by seed with parallel samplers;
the stand-in is a ridge regression, for which NumPy is enough; Latin hypercubes are SciPy's.
"""

_SHRINKAGE = """## Parameters

Shrinkage is 1 - (standard deviation over the plausible sets) / (standard deviation before), on the scale on which a
parameter was spread: rates evenly in their cube root (a rate is known to an order of magnitude at best), scales that
cannot be nil in their logarithm, everything else evenly. *Learned*: at least a third narrower, or moved as far. What is
*not identified* keeps its range, and conclusions have to hold across it. *Carried* parameters were not expected to be
told by anything and are varied all the same, because they are assumptions that matter (safety, fit, strain, contagion,
what a tie is worth). All other parameters stay at their defaults: choices of a programme, what was measured, and
assumptions to which no target here is sensitive; their uncertainty is *not* in the plausible sets. Coverage and saved
error are from the recovery of known sets, below.
"""

_RECOVERY = """## How well could this calibration know?

{known} plausible sets were taken as the truth. What one run of each gives, with an error as large as that of the
targets, was taken as observed, and everything was calibrated to it from the same runs without those sets. Of the
intervals that should hold nine truths in ten, {coverage:.0%} did. The parameters found again best: {best}. No better
than a guess at the middle of the bounds: {worst}. Truths were taken where the waves went, so this says how well values
can be told apart near what is plausible, not everywhere.
"""


def document(tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], each: int) -> str:
    """Write the document.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        Of a finished calibration.
    manifest : mapping
        Of its folder.
    each : int
        Runs of each set in the last wave.
    """
    parts = [
        _HEAD.format(
            each=each, plausible=len(tables["plausible"]), honest=_honest(tables["plausible"])
        ),
        _about(tables, manifest),
        _short(tables),
        _settings(),
        _targets(tables["targets"]),
        _tensions(tables["tensions"]),
        _SHRINKAGE,
        _parameters(tables),
        _couplings(tables["couplings"]),
        _recovery(tables["recovery"]),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _honest(plausible: pl.DataFrame) -> str:
    worst = plausible["worst"].to_numpy()
    clean = int((worst < 3.0).sum())
    if clean == len(worst):
        return "None of them misses any target by three."
    return (
        f"Too few candidates missed no target: {clean} of these {len(worst)} do; the others are those that miss least, "
        f"none of them any target by more than {worst.max():.1f}."
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _about(tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any]) -> str:
    import polars as pl

    waves = tables["waves"].with_columns(pl.col("wave").cast(pl.String))
    told = waves.group_by("wave", maintain_order=True).agg(
        pl.col("sets").first(),
        pl.col("share").filter(pl.col("targets_missed") == 0).sum().alias("all"),
        pl.col("share").filter(pl.col("targets_missed") <= 1).sum().alias("but_one"),
        (pl.col("targets_missed") * pl.col("share")).sum().alias("mean"),
    )
    rows = [
        [
            row["wave"],
            f"{row['sets']:,}",
            f"{row['mean']:.1f}",
            f"{row['all']:.1%}",
            f"{row['but_one']:.1%}",
        ]
        for row in told.to_dicts()
    ]
    heads = (
        "wave",
        "sets",
        "targets missed by three SD, mean",
        "sets that miss none",
        "at most one",
    )
    seed, version = manifest["identity"]["seed"], manifest["versions"]["peersim"]
    return f"Version {version}, seed {seed}, size {manifest['identity'].get('size')}.\n\n{_table(heads, rows)}\n"


def _short(tables: Mapping[str, pl.DataFrame]) -> str:
    """What came out, in a few lines."""
    targets, learned = (
        tables["targets"].to_dicts(),
        tables["shrinkage"].sort("shrinkage", descending=True).to_dicts(),
    )
    lines = ["## In short", ""]
    for column, who in (("verdict", "The plausible sets"), ("default_verdict", "The defaults")):
        missed = [f"`{row['target']}`" for row in targets if str(row[column]) == "missed"]
        told = f"miss {', '.join(missed)}" if missed else "miss none"
        lines.append(
            f"- {who} hit {len(targets) - len(missed)} of {len(targets)} targets; they {told}."
        )
    for verdict in ("learned", "a little", "not identified"):
        names = [f"`{row['parameter']}`" for row in learned if str(row["verdict"]) == verdict]
        lines.append(f"- {verdict.capitalize()} ({len(names)}): {', '.join(names)}.")
    outside = [row for row in learned if not row["low"] <= row["default"] <= row["high"]]
    ranges = [
        f"`{row['parameter']}` ({row['default']:g}; {row['low']:.3g} to {row['high']:.3g})"
        for row in outside
    ]
    lines.append(
        f"- Defaults outside the middle nine tenths of the plausible sets: {', '.join(ranges) or 'none'}."
    )
    return "\n".join(lines) + "\n"


def _settings() -> str:
    rows = [
        [
            setting.name,
            setting.about,
            ", ".join(f"`{path}={_plain(value)}`" for path, value in setting.changes.items()),
        ]
        for setting in SETTINGS
    ]
    return "## Programmes in which targets are measured\n\n" + _table(
        ("setting", "what it is", "settings"), rows
    )


def _plain(value: Any) -> str:
    return str(value).replace("'", "").replace(" ", "")


def _targets(table: pl.DataFrame) -> str:
    rows = [
        [
            f"`{row['target']}`",
            row["label"],
            row["evidence"],
            row["setting"],
            observed(row),
            f"{row['default']:.3g}",
            str(row["default_verdict"]),
            f"{row['median']:.3g} ({row['low']:.3g} to {row['high']:.3g})",
            str(row["verdict"]),
        ]
        for row in table.to_dicts()
    ]
    heads = (
        "target",
        "what",
        "evidence",
        "setting",
        "observed ± SD",
        "default",
        "",
        "plausible (90 %)",
        "",
    )
    hits = [int((table[name].cast(str) == "hit").sum()) for name in ("verdict", "default_verdict")]
    why = [[f"`{row['target']}`", row["definition"], row["why"]] for row in table.to_dicts()]
    left_out = "\n".join(f"- {key}: {reason}." for key, reason in NOT_USED.items())
    return (
        f"## Targets\n\nSeven groups: {', '.join(GROUPS.values())}. Of {len(table)} targets the plausible sets hit "
        f"{hits[0]}, the defaults {hits[1]}. ± is error and discrepancy together.\n\n{_table(heads, rows)}\n\n"
        f"What is divided by what, and where the figures come from:\n\n"
        f"{_table(('target', 'numerator / denominator', 'why these figures'), why)}\n\n"
        f"Rows of the seven groups that are no targets, or only in part:\n\n{left_out}\n"
    )


_ARITHMETIC = """## Targets that pull apart

One pair pulls apart by arithmetic. If 36 % of supporters stop within a year (`V01`), at any time, their matches end at
0.037 a month for that reason alone; but all matches together are to close at 0.033 a month (`O05`), and no more than
two thirds of that from the supporter's side (`O03`). The plausible sets stand between: supporters stay longer than
`V01` says, and established matches close faster than `O05` says. Both could be met if supporters stopped between
matches, when one has reached its planned end; the model has no rule for that. Nor are befrienders volunteers of all
kinds, or twelve-month commitments to children matches among adults: which of the two figures is nearer is not known.
"""


def _tensions(table: pl.DataFrame) -> str:
    head = _ARITHMETIC + "\n"
    if not len(table):
        return head + "No target comes nearer to what was observed when another is left out.\n"
    rows = [
        [
            f"`{row['target']}`",
            f"{row['missed']:+.2f}",
            f"`{row['other']}`",
            f"{row['missed_without']:+.2f}",
        ]
        for row in table.head(15).to_dicts()
    ]
    return (
        head
        + "By the stand-in: how far a target is missed (mean over fitting sets, in standard deviations), and how "
        "far without another one.\n\n"
        + _table(("target", "missed by", "without", "missed by"), rows)
    )


def _parameters(tables: Mapping[str, pl.DataFrame]) -> str:
    again = {str(row["parameter"]): row for row in tables["recovery"].to_dicts()}
    rows = []
    for row in tables["shrinkage"].sort("shrinkage", descending=True).to_dicts():
        name = str(row["parameter"])
        rows.append(
            [
                f"`{name}`",
                f"{row['lowest']:g} to {row['highest']:g}",
                f"{row['default']:g}",
                f"{row['median']:.3g} ({row['low']:.3g} to {row['high']:.3g})",
                f"{row['default_rank']:.0%}",
                f"{row['shrinkage']:.2f}",
                str(row["verdict"]) + (", carried" if row["carried"] else ""),
                f"{again[name]['coverage']:.0%}",
                f"{again[name]['better']:.0%}",
            ]
        )
    heads = (
        "parameter",
        "bounds",
        "default",
        "plausible (90 %)",
        "sets below default",
        "shrinkage",
        "",
        "coverage",
        "error saved",
    )
    return _table(heads, rows)


def _couplings(table: pl.DataFrame) -> str:
    head = "Only a combination of these was learned (correlation over the plausible sets):\n\n"
    rows = [
        [f"`{row['parameter']}`", f"`{row['other']}`", f"{row['correlation']:+.2f}"]
        for row in table.to_dicts()
    ]
    return (
        head + _table(("parameter", "and", "correlation"), rows)
        if rows
        else "No two parameters are tied together."
    )


def _recovery(table: pl.DataFrame) -> str:
    rows = table.sort("better", descending=True).to_dicts()
    best = ", ".join(f"`{row['parameter']}`" for row in rows[:8])
    worst = ", ".join(f"`{row['parameter']}`" for row in rows if row["better"] <= 0.05) or "none"
    return _RECOVERY.format(
        known=rows[0]["known"], coverage=table["coverage"].mean(), best=best, worst=worst
    )


def ship(folder: str) -> None:
    """Write the document and the sample that ships from the folder of a finished calibration."""
    from peersim.studies.calibration.history_matching import PLANS

    tables, manifest = read_results(folder), read_manifest(folder)
    each = PLANS[manifest["identity"]["size"]].each
    DOCUMENT.write_text(document(tables, manifest, each), encoding="utf-8")
    tables["plausible"].drop(NOT_PARAMETERS).write_parquet(SHIPPED, compression="zstd")


if __name__ == "__main__":
    ship(sys.argv[1])
