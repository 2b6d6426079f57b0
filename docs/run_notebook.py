"""Run the notebook of docs/ and keep what its cells show: ``uv run python docs/run_notebook.py``.

Jupyter is not needed: a cell shows what it prints, and the value of its last line as text, as a
table (``_repr_html_``) and as a picture (``_repr_png_``), as in any notebook.
"""

import ast
import base64
import contextlib
import io
import json
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parent / "first_steps.ipynb"


def cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells that hold code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def lines(text: str) -> list[str]:
    """A text as a notebook stores it."""
    return text.splitlines(keepends=True)


def shown(value: Any) -> dict[str, Any]:
    """The forms in which a notebook shows a value."""
    data: dict[str, Any] = {"text/plain": lines(repr(value))}
    page, picture = (getattr(value, name, lambda: None)() for name in ("_repr_html_", "_repr_png_"))
    if page:
        data["text/html"] = lines(page)
    if picture:
        data["image/png"] = base64.b64encode(picture).decode()
    return data


def outputs(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Run a cell among the names of those before it, and give what it shows."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), f"cell {number}", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
    found: list[dict[str, Any]] = []
    if text := printed.getvalue():
        found.append({"name": "stdout", "output_type": "stream", "text": lines(text)})
    if value is not None:
        result = {"execution_count": number, "metadata": {}, "output_type": "execute_result"}
        found.append({"data": shown(value), **result})
    return found


def main() -> None:
    """Run all cells in turn and write the notebook with what they show."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells(notebook), 1):
        cell["execution_count"] = number
        cell["outputs"] = outputs("".join(cell["source"]), names, number)
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    NOTEBOOK.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
