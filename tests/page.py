"""A page as its reader finds it: tagged numbers, and all other words."""

import dataclasses
import html.parser

VOID = {"meta", "br", "path", "use", "link", "img", "hr", "wbr"}
UNSPOKEN = {"svg", "style", "script"}


@dataclasses.dataclass
class Number:
    """One tagged number: what the page says, and where it says it comes from."""

    origin: dict
    text: str = ""


class Page(html.parser.HTMLParser):
    """The words of a page: tagged numbers, and all other text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.numbers, self.words, self.tags = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.open.append(tag)
        if tag == "data":
            self.numbers.append(Number(dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if set(self.open) & UNSPOKEN:
            return
        if "data" in self.open:
            self.numbers[-1].text += data
        elif self.tags and self.tags[-1][0] == "wbr":  # one word, which may be broken
            self.words[-1] += data
        else:
            self.words.append(data)
