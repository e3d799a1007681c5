"""Writes ``docs/errors.md``: every code of an error, with its status, cause and remedy.

``python -m api.cli.error_catalogue`` writes the file anew. The codes and sentences are read from
the source texts, so that no list of them has to be kept.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from api.http.errors import GENERAL, STATUS
from geodata import errors
from geodata.errors import InputError, MikrozonasiError, StoreError
from geodata.language import Bilingual
from zoning.drawing.assets import AssetError

ROOT: Final = Path(__file__).resolve().parents[2]
CATALOGUE: Final = ROOT / "docs" / "errors.md"
_PACKAGES: Final = ("geodata", "zoning", "api")
_CLASSES: Final[dict[str, type[MikrozonasiError]]] = {
    **{name: each for name, each in vars(errors).items() if name.endswith("Error")},
    "AssetError": AssetError,
}
_REFUSAL: Final = "_Refusal"
"""What `api.serving.protocol` answers before there is a request."""
_VALUE: Final = "…"
"""Stands for a value that is put into the sentence."""
_PARTS_OF_CODES: Final = {"invalid-{of}": ("days",), "no-kota-{field}": ("code", "name")}
"""What a code that is put together can hold, by its form in the source text."""
_RULE_FAULT: Final = "Fault"
_REFUSED_FILTER: Final = "refused"
_IN_RULES: Final = Bilingual(
    "Aturan dalam berkas itu tidak dapat dipakai; kalimatnya menyebut berkas, baris, sebab, dan "
    "jalan keluarnya. Lihat docs/rules.md.",
    "The rule in the file cannot be used; the sentence names the file, the line, the cause and "
    "the remedy. See docs/rules.md.",
)
_HEAD: Final = """# Error codes

This file is written by `python -m api.cli.error_catalogue`; do not edit it.

A code is stable: programs may depend on it. Every sentence says what came, what is wanted and what
to do; `…` stands for a value. On the command line an error is one sentence in the language of
`MIKROZONASI_LANG` with the code in brackets, and the exit status is 1 (2 for a command that is
written wrongly). Over HTTP an error is `{"code": ..., "message": ...}` with the English sentence
and the status below; paths under `/ogc` answer 400 where others answer 422. Pages say both
languages.

## Errors
"""


class Entry(NamedTuple):
    """One sentence of one code."""

    code: str
    kind: str
    """Class of the error."""
    status: int
    sentence: Bilingual


def entries(root: Path = ROOT) -> list[Entry]:
    """Every error that the source texts below a folder can raise, by code."""
    found = {
        entry
        for package in _PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        for entry in _entries_of(ast.parse(path.read_text(encoding="utf-8")))
    }
    general = {Entry(code, "HTTP", status, text) for status, code, text in GENERAL}
    return sorted(found | general)


def findings(name: str, root: Path = ROOT) -> dict[str, Bilingual]:
    """The codes of rows: the table ``REASONS`` or ``WARNINGS`` of `geodata.records`."""
    for path in sorted((root / "geodata" / "records").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, ast.AnnAssign) and _name(node.target) == name
            if named and isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
                return {
                    _text(key): _pair(value)
                    for key, value in zip(node.value.keys, node.value.values, strict=True)
                    if key is not None
                }
    raise LookupError(name)


def catalogue() -> str:
    """The text of ``docs/errors.md``."""
    by_code: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        by_code[entry.code].append(entry)
    parts = [_HEAD]
    for code, same in by_code.items():
        kinds = ", ".join(dict.fromkeys(f"`{each.kind}`, HTTP {each.status}" for each in same))
        parts += [f"### `{code}`\n\n{kinds}\n"]
        parts += [_lines(each.sentence) for each in same]
    for title, name, about in (
        ("Reasons why a row is rejected", "REASONS", "The other rows of the file are loaded."),
        ("Warnings about rows", "WARNINGS", "These rows are loaded."),
    ):
        parts.append(f"## {title}\n\n{about} `mikrozonasi records load` counts the rows.\n")
        for code, sentence in sorted(findings(name).items()):
            parts += [f"### `{code}` ({'reason' if name == 'REASONS' else 'warning'})\n"]
            parts += [_lines(sentence)]
    return "\n".join(parts)


def _lines(sentence: Bilingual) -> str:
    indonesian = f"- id: {sentence.id}\n" if sentence.id else ""
    return f"- en: {sentence.en}\n{indonesian}"


class _Constants(ast.NodeTransformer):
    """Puts the texts that a module gives names to into the sentences that use them."""

    def __init__(self, module: ast.Module) -> None:
        self._texts = {
            _name(node.target): _text(node.value)
            for node in module.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
        }

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        """A value in a sentence."""
        text = self._texts.get(_name(node.value))
        return node if text is None else ast.Constant(text)


def _entries_of(module: ast.Module) -> Iterator[Entry]:
    _Constants(module).visit(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            yield from _of_message(node)
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name == _REFUSAL and len(node.args) > 2:
            status = HTTPStatus[_name(node.args[0])]
            yield from _of_call(node.args[1:], node.keywords, "connection", status)
        elif name == _REFUSED_FILTER and any(each.arg == "indonesian" for each in node.keywords):
            code: list[ast.expr] = [ast.Constant("invalid-filter"), *node.args]
            yield from _of_call(code, node.keywords, "InputError", STATUS[InputError])
        elif name == _RULE_FAULT and isinstance(node.args[0], ast.Constant):
            yield Entry(str(node.args[0].value), "InputError", int(STATUS[InputError]), _IN_RULES)
        elif name in _CLASSES and node.args[1:]:
            yield from _of_call(node.args, node.keywords, name, _status_of(_CLASSES[name]))


def _of_message(node: ast.Dict) -> Iterator[Entry]:
    """The entry of a message between processes, which becomes an error of the database."""
    fields = {_text(key): value for key, value in zip(node.keys, node.values, strict=True) if key}
    if {"code", "message"} <= fields.keys():
        indonesian = [
            ast.keyword("indonesian", fields[key]) for key in ("indonesian",) if key in fields
        ]
        args = [fields["code"], fields["message"]]
        yield from _of_call(args, indonesian, "StoreError", STATUS[StoreError])


def _of_call(
    args: list[ast.expr], keywords: list[ast.keyword], kind: str, status: int
) -> Iterator[Entry]:
    """The entries of a call that makes an error; none where it hands another error on."""
    indonesian = [_text(each.value) for each in keywords if each.arg == "indonesian"]
    sentence = Bilingual(indonesian[0], _text(args[1])) if indonesian else _pair(args[1])
    for code in _codes(args[0]):
        yield Entry(code, kind, int(status), sentence)


def _codes(code: ast.expr) -> list[str]:
    """What a code can be: its parts are known, or another error's code is handed on."""
    if isinstance(code, ast.Constant):
        return [str(code.value)]
    if not isinstance(code, ast.JoinedStr):
        return []
    written = "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
        for part in code.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
    before, _, rest = written.partition("{")
    return [f"{before}{part}{rest.partition('}')[2]}" for part in _PARTS_OF_CODES[written]]


def _text(node: ast.expr) -> str:
    """A sentence as the source text has it, with a sign for each value in it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return _VALUE


def _pair(node: ast.expr) -> Bilingual:
    if isinstance(node, ast.Call) and len(node.args) == 2:
        return Bilingual(_text(node.args[0]), _text(node.args[1]))
    return Bilingual("", _text(node))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _status_of(kind: type[MikrozonasiError]) -> int:
    return next(status for base, status in STATUS.items() if issubclass(kind, base))


if __name__ == "__main__":
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
