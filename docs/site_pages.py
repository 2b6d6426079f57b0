"""What the site shows beside the documents of this folder: the gallery of experiments, the notebook
as it was run, every public name, and a page to send on, made anew.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.structure.files import File, Files

import peersim
from peersim.faces.sharing.file import Sharing, planned, shared, written

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
NOTEBOOK = DOCS / "first_steps.ipynb"
PEOPLE = {"population.recipients": 40, "population.supporters": 10}


def on_files(files: Files, config: Any) -> Files:
    """Add what does not stand in docs/."""
    for file in sorted((ROOT / "experiments").glob("**/*")):
        if file.suffix in (".md", ".png"):
            files.append(
                File.generated(config, file.relative_to(ROOT).as_posix(), content=file.read_bytes())
            )
    text, pictures = notebook(json.loads(NOTEBOOK.read_text("utf-8")))
    files.append(File.generated(config, "first_steps.md", content=text))
    for name, picture in pictures.items():
        files.append(File.generated(config, f"images/{name}", content=picture))
    for name, content in sent().items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead links to where the site has things, and list the public names."""
    if page.file.src_uri.startswith("experiments/"):
        markdown = re.sub(
            r"\]\((?:\.\./)+docs/", lambda found: "](" + found[0].count("../") * "../", markdown
        )
    else:
        markdown = re.sub(r"\]\(\.\./experiments/", "](experiments/", markdown)
        markdown = markdown.replace(f"]({NOTEBOOK.name})", "](first_steps.md)")
        markdown = re.sub(
            r"\[([^\]]+)\]\(\.\./[^)]+\)", r"\1", markdown
        )  # the site has no such file
    markdown = markdown.replace("<!-- gallery -->", gallery())
    for each in SENT.values():
        markdown = markdown.replace(each.mark, each.shown)
    return markdown.replace(
        "<!-- public names -->", "\n\n".join(map(reference, peersim.__all__[1:]))
    )


def reference(name: str) -> str:
    """The place of a public name in the reference."""
    home = peersim._HOME[name]
    return f"## {name}\n\n::: peersim.{home}.{name}"


def gallery() -> str:
    """Each experiment with its question, who asks it, its figures and its finding."""
    rows = re.findall(
        r"\| \[(.+?)\]\((\w+)/README\.md\) \| (.+?) \| (.+?) \|",
        (ROOT / "experiments/README.md").read_text("utf-8"),
    )
    return "\n\n".join(_exhibit(*row) for row in rows)


def _exhibit(question: str, name: str, asker: str, finding: str) -> str:
    figures = sorted((ROOT / "experiments" / name).glob("*.png"))
    shown = "\n".join(
        f"[![{finding}](experiments/{name}/{each.name})](experiments/{name}/README.md)"
        for each in figures
    )
    return f"## {question}\n\n*Asked by: {asker}.* {finding[0].upper()}{finding[1:]}. [More](experiments/{name}/README.md)\n\n{shown}"


# -- a file to send on ----------------------------------------------------------------------------
class Sent(NamedTuple):
    """A page to send on as one language shows it: within the page where its mark stands."""

    name: str
    mark: str
    link: str
    about: str
    question: str

    @property
    def shown(self) -> str:
        return f'[{self.link}]({self.name})\n\n<iframe class="sent" src="{self.name}" title="{self.about}"></iframe>'


SENT = {
    "en": Sent(
        "sent.html",
        "<!-- a file to send on -->",
        "Open it in a window of its own",
        "A comparison to try out",
        "One-to-one alone, or with a group and a café?",
    ),
    "da": Sent(
        "sent_da.html",
        "<!-- en fil at sende videre -->",
        "Åbn den i sit eget vindue",
        "En sammenligning, der kan prøves",
        "En til en alene, eller med gruppe og café?",
    ),
}


def sent() -> dict[str, str]:
    """A small one in each language, worked out while the site is built: two sliders, fifty years of each design."""
    alone = peersim.changed(peersim.Scenario(), PEOPLE | {"communities": ["one_to_one"]})
    more = {"communities": ["one_to_one", "group"], "cafe.per_week": 1.0}
    asked = Sharing(alone, peersim.changed(alone, more), ["cafe.per_week", "group.size"], years=50)
    found = shared(planned(asked), "en")
    return {
        each.name: written(found | {"language": language, "title": each.question})
        for language, each in SENT.items()
    }


# -- the notebook ---------------------------------------------------------------------------------
def notebook(content: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    """A notebook that has been run, as Markdown, and the pictures in it by their names."""
    parts, pictures = [], {}
    for number, cell in enumerate(content["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = {kind: "".join(value) for kind, value in output.get("data", {}).items()}
            if "image/png" in data:
                name = f"first_steps_{number}.png"
                pictures[name] = base64.b64decode(data["image/png"])
                parts.append(f"![{data['text/plain']}](images/{name})")
            elif "text/html" in data:
                parts.append(f'<div class="output">{data["text/html"]}</div>')
            else:
                text = data.get("text/plain") or "".join(output.get("text", ()))
                parts.append(f"```text\n{text.rstrip()}\n```")
    return "\n\n".join(parts), pictures
