"""A page as a person without scripts meets it: a small tree over the standard parser, and what of it is visible."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

VOID = {"meta", "link", "input", "br", "img"}
UNSEEN = {"script", "style", "head", "template"}


@dataclass
class Node:
    """One element; `texts` are its own texts and its children in order."""

    tag: str
    attrs: dict[str, str]
    parts: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.walk()

    def all(self, **attrs: str) -> list["Node"]:
        """Every element with these attributes; `data_field="x"` means data-field, `class_` one of the classes."""
        wanted = {name.replace("_", "-"): value for name, value in attrs.items()}
        css = wanted.pop("class-", None)
        return [
            node
            for node in self.walk()
            if all(node.attrs.get(name) == value for name, value in wanted.items())
            and (css is None or css in node.attrs.get("class", "").split())
        ]

    def one(self, **attrs: str) -> "Node":
        found = self.all(**attrs)
        assert len(found) == 1, f"{len(found)} elements with {attrs}"
        return found[0]

    def tags(self, tag: str) -> list["Node"]:
        return [node for node in self.walk() if node.tag == tag]

    @property
    def text(self) -> str:
        """The visible text, with single spaces."""
        return " ".join("".join(self._visible()).split())

    def _visible(self) -> Iterator[str]:
        if "hidden" in self.attrs or self.tag in UNSEEN:
            return
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part._visible()
        yield " "


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)

    def parse(self, text: str) -> Self:
        self.feed(text)
        self.close()
        assert len(self.open) == 1, f"<{self.open[-1].tag}> is never closed"
        return self


def parse(text: str) -> Node:
    """The tree of a page; a tag that is not closed in its place is an error."""
    return _Builder().parse(text).open[0]
