"""Errors, notices and remedies keep their templates, so that a screen can say them in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from tests.house.test_architecture import SOURCE

CONVERTED = (
    "assessment", "backtest", "case", "checking", "cli", "data", "draft", "export", "forecasts", "importing", "measures", "models", "plots",
    "reading", "report", "rhetoric", "runs", "workbench", "errors.py", "files.py", "mcmc.py",
)  # fmt: skip
"""Rooms and files whose errors a screen or the terminal says in the reader's language; add a room once all its errors are messages."""
SHOWN = ("InputError", "SolveError", "CellError", "Remark", "Problem", "Notice", "Difference")
"""Types that hold what is wrong and the remedy."""
REFUSALS = (*SHOWN, "PydanticCustomError")
MESSAGES = ("message", "message_in", "plural", "template")
CODE = {"per year", "count of", "{key: value}"}
"""Words of a case file, which are the same in every language."""
_SENTENCE = re.compile(r"[a-z]{2,}[,;:]? |[ `][a-z]{2,}")
_WORD = re.compile(r"(?:^|[ (])[a-z]{2,}(?![\w(./=-])")
_QUOTED = re.compile(r"`[^`]*`|\w+\([^()]*\)")
"""Code inside a text."""
_Values = dict[str, list[ast.expr]]


@dataclass(frozen=True)
class Scope:
    """The statements of a file outside its functions, or a function.

    Attributes:
        name: of the function; empty for a file.
        returned: the type that the function returns.
        nodes: the code.
        values: what the names of the function and of its file are assigned to.
    """

    name: str
    returned: str
    nodes: tuple[ast.AST, ...]
    values: _Values


def scopes(source: str) -> Iterator[Scope]:
    """Yield the scopes of a file: its own statements, and each function."""
    tree = ast.parse(source)
    plain = [statement for statement in tree.body if not isinstance(statement, ast.FunctionDef | ast.ClassDef)]
    nodes = tuple(node for statement in plain for node in ast.walk(statement))
    top = assigned(nodes)
    yield Scope("", "", nodes, top)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            nodes = tuple(ast.walk(function))
            returned = ast.unparse(function.returns) if function.returns else ""
            yield Scope(function.name, returned, nodes, top | assigned(nodes))


def assigned(nodes: Iterable[ast.AST]) -> _Values:
    """Return what statements assign to each name; each name of a pair gets the whole value."""
    values: _Values = {}
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        values.setdefault(name.id, []).append(node.value)
    return values


def called(node: ast.expr) -> str:
    """Return the name of a function or method that is called."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


class Finder:
    """Finds words that reach an error or a notice without the template of a message.

    It follows names to what they are assigned, and calls to what functions of that name return.
    """

    def __init__(self, sources: Iterable[str]) -> None:
        self.scopes = [scope for source in sources for scope in scopes(source)]
        self.functions: dict[str, list[Scope]] = {}
        for scope in self.scopes:
            self.functions.setdefault(scope.name, []).append(scope)
        self.makers = {*SHOWN, *(scope.name for scope in self.scopes if scope.returned in REFUSALS)}
        self.found: set[str] = set()
        self.seen: set[tuple[int, str]] = set()

    def all(self) -> list[str]:
        """Return the code of what is found."""
        for scope in self.scopes:
            for node in scope.nodes:
                for text in self._shown(node, scope):
                    self._check(text, scope)
        return sorted(self.found)

    def _shown(self, node: ast.AST, scope: Scope) -> Iterator[ast.expr]:
        """Yield what is shown: arguments of makers, remedies, and what a generator of findings yields."""
        if isinstance(node, ast.Call):
            yield from node.args if called(node.func) in self.makers else ()
            yield from (keyword.value for keyword in node.keywords if keyword.arg in ("message", "remedy"))
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and "Finding" in scope.returned:
            yield from node.value.elts[1:]

    def _check(self, text: ast.expr, scope: Scope) -> None:
        """Note an expression if it has words, or look further where it names or calls something."""
        if isinstance(text, ast.Constant | ast.JoinedStr):
            if has_words(text):
                self.found.add(ast.unparse(text))
        elif isinstance(text, ast.Name):
            self._follow(text.id, [(value, scope) for value in scope.values.get(text.id, ())])
        elif isinstance(text, ast.Call) and called(text.func) in MESSAGES:
            templates = [part for part in text.args if not isinstance(part, ast.Constant)]
            for part in (*templates, *(keyword.value for keyword in text.keywords)):
                self._check(part, scope)
        elif isinstance(text, ast.Call):
            name = called(text.func)
            self._follow(name, [(part, found) for found in self.functions.get(name, ()) for part in returns(found)])
        else:
            for part in parts(text):
                self._check(part, scope)

    def _follow(self, name: str, values: Iterable[tuple[ast.expr, Scope]]) -> None:
        for value, scope in values:
            if (id(value), name) not in self.seen:
                self.seen.add((id(value), name))
                for part in parts(value, pair=True):
                    self._check(part, scope)


def has_words(text: ast.Constant | ast.JoinedStr) -> bool:
    """Return whether a literal is a phrase, or an f-string has a word beside its values."""
    if isinstance(text, ast.Constant):
        return isinstance(text.value, str) and text.value not in CODE and bool(_SENTENCE.search(text.value))
    fixed = "".join(str(part.value) if isinstance(part, ast.Constant) else "_" for part in text.values)
    return bool(_WORD.search(_QUOTED.sub("_", fixed)))


def returns(scope: Scope) -> Iterator[ast.expr]:
    """Yield what a function returns."""
    for node in scope.nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def parts(value: ast.expr, *, pair: bool = False) -> Iterator[ast.expr]:
    """Yield the expressions of which one becomes the text: branches, alternatives and, of a `pair` or table, its items."""
    inside: Iterable[ast.expr] = ()
    if isinstance(value, ast.IfExp):
        inside = (value.body, value.orelse)
    elif isinstance(value, ast.BoolOp):
        inside = value.values
    elif isinstance(value, ast.BinOp):
        inside = (value.left, value.right)
    elif isinstance(value, ast.Subscript | ast.Starred):
        inside = (value.value,)
    elif pair and isinstance(value, ast.Tuple | ast.List):
        inside = value.elts
    elif pair and isinstance(value, ast.Dict):
        inside = value.values
    elif isinstance(value, ast.Constant | ast.JoinedStr | ast.Name | ast.Call):
        yield value
    for item in inside:
        yield from parts(item, pair=pair)


@pytest.mark.parametrize("room", CONVERTED)
def test_errors_of_a_converted_room_are_messages(room: str) -> None:
    place = SOURCE / room
    files = [place] if place.is_file() else list(place.rglob("*.py"))
    assert Finder(file.read_text(encoding="utf-8") for file in files).all() == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("raise InputError(f'unknown name {x}')", ["f'unknown name {x}'"]),
        ("raise InputError(message('the value {x} is wrong', x=x), remedy='write a number')", ["'write a number'"]),
        ("raise InputError(message(f'the value {x} is wrong'))", ["f'the value {x} is wrong'"]),
        ("raise InputError(message('{x} is wrong', x=f'the value {y}'))", ["f'the value {y}'"]),
        ("raise InputError(message('it is {x}', x='too large' if y else '`y`'))", ["'too large'"]),
        ("yield Problem(loc, message('wrong') + ' and late', None)", ["' and late'"]),
        ("WORDS = {1: ('too large', 2)}\ndef f():\n    raise InputError(WORDS[1][0])", ["'too large'"]),
        ("def f():\n    wrong = f'no {x}'\n    raise InputError(wrong)", ["f'no {x}'"]),
        ("def f():\n    wrong, remedy = a or ('ab c', 'cd ef')\n    raise InputError(wrong)", ["'ab c'", "'cd ef'"]),
        ("def f() -> str:\n    return 'write a number'\nraise InputError(x, remedy=f())", ["'write a number'"]),
        ("def f(text) -> InputError: ...\nraise f('not a number')", ["'not a number'"]),
        ("def f() -> Iterator[Finding]:\n    yield loc, 'not a number', None", ["'not a number'"]),
    ],
)
def test_words_without_a_template_are_found(code: str, found: list[str]) -> None:
    assert Finder([code]).all() == found


@pytest.mark.parametrize(
    "code",
    [
        "raise InputError(message('the value {x} is wrong', x=repr(x)), file='case file', remedy=did_you_mean(x, y))",
        "raise InputError(message('{option}: {reason}', option=f'--set {x}={y}', reason=error.message))",
        "yield Problem(('any of', key), message('write {x}', x=f'`{y}`'), error.remedy, at_key=True)",
        "raise row.error('key', message('not a key'), REMEDY)",
        "LATE = template('{x} is late')\ndef f():\n    raise InputError(message(LATE, x=f'{y:g}'))",
        "def f(x) -> str:\n    return f(x) or message('write a number')\nraise InputError(x, remedy=f(x))",
        "print('not an error')",
    ],
)
def test_messages_and_names_are_left_alone(code: str) -> None:
    assert Finder([code]).all() == []
