"""Whatever a page shows as Markdown is its own text: words of strangers (links, files, rows of the pack) are escaped.

An image in Markdown would make the visitor's browser ask a server of the stranger's choice. This test reads the code: the
text of every such call is a literal, a text of the catalogue with escaped values, a number, or ``escaped(...)``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parents[2] / "pages"
# What Streamlit 1.67 reads as Markdown: the first words of these calls, and these arguments of any call of a widget.
MARKDOWN = {
    "badge",
    "button",
    "caption",
    "checkbox",
    "color_picker",
    "date_input",
    "dialog",
    "download_button",
    "error",
    "expander",
    "file_uploader",
    "form_submit_button",
    "header",
    "info",
    "link_button",
    "markdown",
    "metric",
    "multiselect",
    "number_input",
    "page_link",
    "pills",
    "popover",
    "progress",
    "radio",
    "segmented_control",
    "select_slider",
    "selectbox",
    "slider",
    "spinner",
    "status",
    "subheader",
    "success",
    "table",
    "tabs",
    "text_area",
    "text_input",
    "time_input",
    "title",
    "toast",
    "toggle",
    "warning",
    "write",
}
ARGUMENTS = {"help", "label", "body", "caption", "captions", "delta", "text", "title", "summary"}
VALUES = {"metric": 3, "progress": 2}  # calls of which more than the first argument is Markdown
PASSED_ON = {"file_uploader"}  # calls of ours that take what Streamlit's take
OPTIONS = {"pills", "radio", "segmented_control"}  # calls whose options are Markdown too: by ``format_func``
# Functions that give only texts of the catalogue, numbers, or what is escaped already; each of them is read by this test, or
# has a reason here.
SAFE = {
    "bool",
    "escaped",
    "error_text",
    "float",
    "int",
    "isoformat",  # a day
    "label_for_people",  # the label of a field, from the catalogue
    "len",
    "number",  # pages.parts.shell.html
    "percent",
    "amount",
    "role_name",
    "round",
    "sum",
    "nunique",
    "escaped_table",
    "sentence",  # of place_counts: a text of the catalogue with counts
    "_china_time",
    "_number",
    "_percent",
    "_points",
    "_signed",
    "_whole",  # numbers as text
}
# What this program makes itself: whole numbers, years, and codes of letters and digits.
OWN = {
    "batch_id",
    "events",
    "features",
    "known_count",
    "plan_year",
    "revision",
    "seconds",
    "token",
    "works",
    "year",
}
CATALOGUE = {"t", "translated"}

DEEPEST = 12
PARTS: dict[type[ast.expr], Callable[[Any], list[ast.expr | None]]] = {
    ast.JoinedStr: lambda node: node.values,
    ast.FormattedValue: lambda node: [node.value],
    ast.BinOp: lambda node: [node.left, node.right],
    ast.IfExp: lambda node: [node.body, node.orelse],
    ast.BoolOp: lambda node: node.values,
    ast.List: lambda node: node.elts,
    ast.Tuple: lambda node: node.elts,
    ast.Dict: lambda node: node.values,
    ast.Starred: lambda node: [node.value],
    ast.ListComp: lambda node: [node.elt],
    ast.GeneratorExp: lambda node: [node.elt],
    ast.SetComp: lambda node: [node.elt],
    ast.DictComp: lambda node: [node.value],
    ast.Subscript: lambda node: [node.value],
    ast.Lambda: lambda node: [node.body],
    ast.Attribute: lambda node: [node.value] if node.attr == "__getitem__" else [UNKNOWN],
}
"""What an expression is made of; it is safe if all of this is."""
UNKNOWN = ast.Yield()


def _is_own(node: ast.expr) -> bool:
    """Whether this is a literal, what this program makes itself, or written by a format that refuses all but numbers."""
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return ast.unparse(node.format_spec).rstrip("'\"").endswith(("f", "d", "%", ","))
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Attribute) and node.attr in OWN)


class Reader:
    """Reads one module: which expressions hold nothing but the page's own words."""

    def __init__(self, tree: ast.Module) -> None:
        self.functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.tree = tree

    def function_of(self, node: ast.AST) -> ast.FunctionDef | None:
        inside = [one for one in self.functions if one.lineno <= node.lineno <= (one.end_lineno or 0)]  # type: ignore[attr-defined]
        return max(inside, key=lambda one: one.lineno, default=None)

    def safe(self, node: ast.expr | None, depth: int = 0) -> bool:
        """Whether an expression is a literal, escaped, a number, or made of such."""
        if depth > DEEPEST:
            return False
        if isinstance(node, ast.Call):
            return self._safe_call(node, depth)
        if isinstance(node, ast.Name):
            return self._safe_name(node, depth)
        if node is None or _is_own(node):
            return True
        parts = next((parts for kind, parts in PARTS.items() if isinstance(node, kind)), None)
        return parts is not None and all(self.safe(each, depth + 1) for each in parts(node))

    def _safe_call(self, node: ast.Call, depth: int) -> bool:
        name = _called(node)
        values = [*node.args, *(each.value for each in node.keywords)]
        if name in SAFE:
            return True
        if name in CATALOGUE:
            given = [each.value for each in node.keywords]
            return self._catalogue_text(node.args[0]) and all(self.safe(each, depth + 1) for each in given)
        if name in {"join", "strip", "get", "pop", "append", "list", "tuple", "map", "sorted"}:
            own = node.func.value if isinstance(node.func, ast.Attribute) else None
            return (own is None or self.safe(own, depth + 1)) and all(
                self.safe(each, depth + 1) for each in values[:1] + (values[1:] if name != "get" else [])
            )
        own_function = next((one for one in self.functions if one.name == name), None)
        return own_function is not None and all(
            self.safe(each.value, depth + 1)
            for each in ast.walk(own_function)
            if isinstance(each, ast.Return)
        )

    @staticmethod
    def _catalogue_text(node: ast.expr) -> bool:
        """A literal, or a name: the test of messages says that what is marked is in the catalogue."""
        return isinstance(
            node, ast.Constant | ast.Name | ast.Subscript | ast.IfExp | ast.Attribute | ast.BoolOp
        )

    def _safe_name(self, node: ast.Name, depth: int) -> bool:
        if node.id.isupper() or node.id.lstrip("_").isupper():
            return True  # a constant of the module
        place: ast.AST = self.function_of(node) or self.tree
        given = [(self, value) for value in self._given(place, node.id)]
        if isinstance(place, ast.FunctionDef) and any(
            node.id == each.arg for each in (*place.args.args, *place.args.kwonlyargs)
        ):
            given += self._passed(place, node.id)
        return bool(given) and all(reader.safe(value, depth + 1) for reader, value in given)

    @staticmethod
    def _given(place: ast.AST, name: str) -> Iterator[ast.expr | None]:
        """What a name is given in a function: by assignment, by a loop over a literal, by ``append``."""
        for node in ast.walk(place):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        yield node.value
                    elif isinstance(target, ast.Tuple):
                        yield from _parts(target, node.value, name)
            elif isinstance(node, ast.For | ast.comprehension):
                rows = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else [node.iter]
                for row in rows:
                    yield from _parts(node.target, row, name)
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"append", "insert", "extend"}
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == name
            ):
                yield node.args[-1]

    def _passed(self, function: ast.FunctionDef, name: str) -> Iterator[tuple[Reader, ast.expr]]:
        """What callers pass as a parameter; of a public function, callers in any page."""
        at = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)].index(name)
        for reader in [self] if function.name.startswith("_") else {self, *readers().values()}:
            inside = set(
                ast.walk(function)
            )  # where a parameter is only passed on to a namesake of Streamlit's
            for node in ast.walk(reader.tree):
                if isinstance(node, ast.Call) and _called(node) == function.name and node not in inside:
                    yield from ((reader, each.value) for each in node.keywords if each.arg == name)
                    yield from ((reader, each) for each in node.args[at : at + 1])


@cache
def readers() -> dict[Path, Reader]:
    """A reader of every module of the pages."""
    return {path: Reader(ast.parse(path.read_text("utf-8"))) for path in sorted(PAGES.rglob("*.py"))}


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _parts(target: ast.expr, value: ast.expr | None, name: str) -> Iterator[ast.expr | None]:
    """What ``name`` is given where a target of several names takes a value of several parts."""
    if isinstance(target, ast.Name):
        if target.id == name:
            yield value
        return
    if isinstance(target, ast.Tuple):
        parts = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "zip":
            parts = list(value.args)
        elif isinstance(value, ast.Call):  # ``d.items()``: the value of a dictionary of safe values
            owner = value.func.value if isinstance(value.func, ast.Attribute) else value
            parts = [owner] * len(target.elts)
        for each, part in zip(target.elts, parts, strict=False):
            yield from _parts(each, part, name)


def markdown_of(node: ast.Call) -> Iterator[ast.expr]:
    """Every expression that a call shows as Markdown."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name not in MARKDOWN:
        return
    if name == "page_link":  # a page's own title is in pages/, and read with t()
        yield from (each.value for each in node.keywords if each.arg in ARGUMENTS)
        return
    first = 1 if name == "progress" else 0
    yield from node.args[first : VALUES.get(name, 1)]
    yield from (each.value for each in node.keywords if each.arg in ARGUMENTS)
    if name in OPTIONS:
        formats = [each.value for each in node.keywords if each.arg == "format_func"]
        yield from formats or list(node.args[1:2])


def bare(reader: Reader) -> list[tuple[int, str]]:
    """Lines that show what is not known to be the page's own words."""
    own = {
        alias.asname or alias.name
        for node in ast.walk(reader.tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("pages")
        for alias in node.names
    }
    return [
        (each.lineno, ast.unparse(each)[:90])
        for node in ast.walk(reader.tree)
        if isinstance(node, ast.Call) and not _of(node, own)
        for each in markdown_of(node)
        if not reader.safe(each)
    ]


def _of(node: ast.Call, modules: set[str]) -> bool:
    """Whether a function of one of our modules is called, not of Streamlit, nor one that passes all on to it."""
    if _called(node) in PASSED_ON:
        return False
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in modules


def test_pages_show_no_words_of_strangers_as_markdown() -> None:
    found = [
        f"{path.relative_to(PAGES)}:{line} {text}"
        for path, reader in readers().items()
        for line, text in bare(reader)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "st.error(error.text(language()))",
        "st.markdown(st.query_params['work'])",
        "st.caption(f'{name}')",
        "st.caption(f'{name:>10}')",
        "st.info(t('没有找到“{query}”。', query=query))",
        "st.metric(t('值'), cell)",
        "st.metric(t('值'), 1, cell)",
        "st.button(row['name'])",
        "st.text_input(t('名称'), help=note)",
        "st.segmented_control(t('选'), codes, format_func=names.get)",
        "st.segmented_control(t('选'), codes)",
        "st.table(frame)",
        "column.warning('、'.join(names))",
        "st.page_link('works.py', label=name)",
        "text = escaped(a) if b else a\n    st.toast(text)",
        "for word in words: st.success(word)",
        "lines = [t('一')]\n    lines.append(name)\n    st.caption('\\n'.join(lines))",
    ],
)
def test_a_bare_word_of_a_stranger_is_found(line: str) -> None:
    source = f"def show(name, a, b):\n    {line}\n"
    assert bare(Reader(ast.parse(source)))


def test_no_page_without_its_escapes_passes() -> None:
    """Each module that escapes anything is noticed once ``escaped`` does nothing there."""
    for path, reader in readers().items():
        source = path.read_text("utf-8")
        shows = any(isinstance(node, ast.Call) and list(markdown_of(node)) for node in ast.walk(reader.tree))
        if "escaped(" in source and shows and path.name != "texts.py":
            spoilt = source.replace("escaped(", "as_it_is(").replace("error_text(", "as_it_is(")
            assert bare(Reader(ast.parse(spoilt))), path
