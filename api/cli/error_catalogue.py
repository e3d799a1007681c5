"""Writes ``docs/errors.md``: every error code with its status, cause and remedy.

``python -m api.cli.error_catalogue`` writes the file. The codes and sentences come from the source
code, so nobody maintains a list of them.
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
    **{name: value for name, value in vars(errors).items() if name.endswith("Error")},
    "AssetError": AssetError,
}
_REFUSAL: Final = "_Refusal"
"""Class in `api.serving.protocol` for an answer without a request."""
_PLACEHOLDER: Final = "…"
"""In place of each value in a sentence."""
_CODE_FIELDS: Final = {"invalid-{of}": ("days",), "no-kota-{field}": ("code", "name")}
"""The values of the field in a code that is an f-string, by the f-string in the source code."""
_RULE_FAULT: Final = "Fault"
_REFUSED_FILTER: Final = "refused"
"""Function in `api.ogc.cql` that makes an ``invalid-filter`` error."""
_FAULT_IN_RULES: Final = Bilingual(
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
    """Every error that the source code below a folder can raise, sorted by code."""
    raised = {
        entry
        for package in _PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        for entry in _module_entries(ast.parse(path.read_text(encoding="utf-8")))
    }
    general = {Entry(code, "HTTP", status, text) for status, code, text in GENERAL}
    return sorted(raised | general)


def row_codes(table: str, root: Path = ROOT) -> dict[str, Bilingual]:
    """The codes of rows: the table ``REASONS`` or ``WARNINGS`` of `geodata.records`."""
    for path in sorted((root / "geodata" / "records").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.AnnAssign) or _name(node.target) != table:
                continue
            if isinstance(node.value, ast.Dict):
                return {
                    _text(key): _bilingual(value)
                    for key, value in zip(node.value.keys, node.value.values, strict=True)
                    if key is not None
                }
    raise LookupError(table)


def catalogue() -> str:
    """The text of ``docs/errors.md``."""
    by_code: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        by_code[entry.code].append(entry)
    parts = [_HEAD]
    for code, same in by_code.items():
        kinds = ", ".join(dict.fromkeys(f"`{entry.kind}`, HTTP {entry.status}" for entry in same))
        parts += [f"### `{code}`\n\n{kinds}\n"]
        parts += [_list_items(entry.sentence) for entry in same]
    for title, table, unit, effect in (
        (
            "Reasons why a row is rejected",
            "REASONS",
            "reason",
            "The other rows of the file are loaded.",
        ),
        ("Warnings about rows", "WARNINGS", "warning", "These rows are loaded."),
    ):
        parts.append(f"## {title}\n\n{effect} `mikrozonasi records load` counts the rows.\n")
        for code, sentence in sorted(row_codes(table).items()):
            parts += [f"### `{code}` ({unit})\n", _list_items(sentence)]
    return "\n".join(parts)


def _list_items(sentence: Bilingual) -> str:
    indonesian = f"- id: {sentence.id}\n" if sentence.id else ""
    return f"- en: {sentence.en}\n{indonesian}"


class _ConstantInliner(ast.NodeTransformer):
    """Replaces the text constants of a module by their text in the sentences that use them."""

    def __init__(self, module: ast.Module) -> None:
        self._texts = {
            _name(node.target): _text(node.value)
            for node in module.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
        }

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        """Replace a field of an f-string by its text, if the field is a text constant."""
        text = self._texts.get(_name(node.value))
        return node if text is None else ast.Constant(text)


def _module_entries(module: ast.Module) -> Iterator[Entry]:
    _ConstantInliner(module).visit(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            yield from _dict_entries(node)
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name == _REFUSAL and len(node.args) > 2:
            status = HTTPStatus[_name(node.args[0])]
            yield from _call_entries(node.args[1:], node.keywords, "connection", status)
        elif name == _REFUSED_FILTER and any(word.arg == "indonesian" for word in node.keywords):
            args: list[ast.expr] = [ast.Constant("invalid-filter"), *node.args]
            yield from _call_entries(args, node.keywords, "InputError", STATUS[InputError])
        elif name == _RULE_FAULT and isinstance(node.args[0], ast.Constant):
            code = str(node.args[0].value)
            yield Entry(code, "InputError", int(STATUS[InputError]), _FAULT_IN_RULES)
        elif name in _CLASSES and node.args[1:]:
            yield from _call_entries(node.args, node.keywords, name, _http_status(_CLASSES[name]))


def _dict_entries(node: ast.Dict) -> Iterator[Entry]:
    """The entries of a message between processes, which becomes a `StoreError`."""
    fields = {_text(key): value for key, value in zip(node.keys, node.values, strict=True) if key}
    if {"code", "message"} <= fields.keys():
        indonesian = [
            ast.keyword("indonesian", fields[key]) for key in ("indonesian",) if key in fields
        ]
        args = [fields["code"], fields["message"]]
        yield from _call_entries(args, indonesian, "StoreError", STATUS[StoreError])


def _call_entries(
    args: list[ast.expr], keywords: list[ast.keyword], kind: str, status: int
) -> Iterator[Entry]:
    """The entries of a call that makes an error; none if the call copies another error."""
    indonesian = [_text(keyword.value) for keyword in keywords if keyword.arg == "indonesian"]
    sentence = Bilingual(indonesian[0], _text(args[1])) if indonesian else _bilingual(args[1])
    for code in _codes(args[0]):
        yield Entry(code, kind, int(status), sentence)


def _codes(code: ast.expr) -> list[str]:
    """The codes that an expression can give; none if it takes the code of another error."""
    if isinstance(code, ast.Constant):
        return [str(code.value)]
    if not isinstance(code, ast.JoinedStr):
        return []
    template = "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
        for part in code.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
    prefix, _, field_and_suffix = template.partition("{")
    suffix = field_and_suffix.partition("}")[2]
    return [f"{prefix}{value}{suffix}" for value in _CODE_FIELDS[template]]


def _text(node: ast.expr) -> str:
    """The sentence in the source code, with `_PLACEHOLDER` in place of each value."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return _PLACEHOLDER


def _bilingual(node: ast.expr) -> Bilingual:
    if isinstance(node, ast.Call) and len(node.args) == 2:
        return Bilingual(_text(node.args[0]), _text(node.args[1]))
    return Bilingual("", _text(node))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _http_status(kind: type[MikrozonasiError]) -> int:
    return next(status for base, status in STATUS.items() if issubclass(kind, base))


if __name__ == "__main__":
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
