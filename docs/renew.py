"""Write the generated documents anew: ``uv run python docs/renew.py``.

docs/parameters.md is what ``peersim describe --markdown`` prints; docs/data_dictionary.md is made from the
columns declared in peersim/data/columns.csv and the catalogue of outcomes.
"""

from pathlib import Path

from peersim.describe import markdown
from peersim.dictionary import as_markdown, declared_columns, outcome_columns

DOCS = Path(__file__).resolve().parent


def data_dictionary() -> str:
    """Every column a results folder can hold, then every outcome."""
    columns = [*declared_columns().values(), *outcome_columns().values()]
    text = as_markdown(columns).replace("## *.parquet", "## Columns of many tables")
    return text.replace("# What stands in these tables", "# What stands in the tables of a results folder", 1)


def documents() -> dict[str, str]:
    """Text of each generated document by its file name."""
    return {"parameters.md": markdown() + "\n", "data_dictionary.md": data_dictionary()}


if __name__ == "__main__":
    for name, text in documents().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}")
