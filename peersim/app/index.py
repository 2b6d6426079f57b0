"""The page that the browser opens: a frame, the words of both languages, and nothing else; the
script fills it.
"""

from __future__ import annotations

import html
from functools import cache

from peersim.faces.page import packed, words
from peersim.kernel.catalogue import say, speaking

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>{title}</title><link rel="stylesheet" href="/app.css"></head>
<body><main id="page"></main>
<script type="application/json" id="words">{words}</script>
<script src="/app.js"></script></body></html>
"""


@cache
def index_page(language: str) -> str:
    """Write the page, in the language in which it opens."""
    with speaking(language):
        title = f"peersim · {say('faces.app.what_if')}"
    return _PAGE.format(
        language=language, title=html.escape(title), words=packed(words(), pack=False)
    )
