"""The command line has every sentence in Indonesian and English."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner

import api.cli
from api.cli import main
from api.cli.terminal.lazy import loaded_command
from api.cli.terminal.typer_texts import translate_usage_error
from tests.api.cli import command_texts

FOLDER: Final = Path(str(api.cli.__file__)).parent
SAME_IN_BOTH: Final = frozenset({"mikrozonasi records load kind"})
"""Arguments that have no help text: typer shows their choices."""
ENVIRONMENT: Final = {
    name: value
    for name, value in os.environ.items()
    if name not in {"MIKROZONASI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}
}
MODULES: Final = sorted(FOLDER.rglob("*.py"))
PAIR_FUNCTIONS: Final = frozenset({"localised", "print_message", "Bilingual", "day_option"})
"""Functions that take an Indonesian and an English sentence, in this order."""


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("-c", "from api.cli import main; main()", *words, **environment)


@cache
def help_texts(language: str) -> dict[str, str | None]:
    printed = run("-m", command_texts.__name__, MIKROZONASI_LANG=language)
    assert printed.returncode == 0, printed.stderr
    texts: dict[str, str | None] = json.loads(printed.stdout)
    return texts


def test_every_command_option_and_argument_has_a_help_text_in_each_language() -> None:
    indonesian, english = help_texts("id"), help_texts("en")
    assert indonesian.keys() == english.keys()
    assert len([name for name in english if name.startswith("mikrozonasi records load")]) > 5
    for name, text in english.items():
        if name in SAME_IN_BOTH:
            assert (indonesian[name], text) == (None, None), name
            continue
        assert text, name
        assert indonesian[name], name
        assert indonesian[name] != text, name


def test_help_texts_have_words_of_their_own_language_only() -> None:
    for language, expected, foreign in (
        ("id", ("yang", "dan", "berkas"), ("the", "and", "which")),
        ("en", ("the", "and", "which"), ("yang", "dan", "berkas")),
    ):
        words = [word for text in help_texts(language).values() for word in (text or "").split()]
        assert all(words.count(word) > 0 for word in expected)
        assert not any(words.count(word) for word in foreign)


def calls(module: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def called_name(node: ast.AST) -> str:
    """Name of the function that a node calls, of a variable, or nothing."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_text_of_a_module_is_in_one_language(module: Path) -> None:
    constants = {
        called_name(node.target): node.value
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.AnnAssign)
    }
    for call in calls(module):
        texts: list[ast.expr] = []
        if called_name(call) in {"Option", "Argument", "Typer"}:
            texts += [keyword.value for keyword in call.keywords if keyword.arg == "help"]
        if called_name(call) == "BadParameter":
            texts += call.args[:1]
        for text in texts:
            text_or_value = constants.get(called_name(text)) or text
            assert called_name(text_or_value) == "localised", f"{module.name}:{text.lineno}"
        if (
            called_name(call).endswith("Error")
            and called_name(call) != "AttributeError"
            and call.args[1:]
        ):
            names = {keyword.arg for keyword in call.keywords}
            assert "indonesian" in names, f"{module.name}:{call.lineno}"
        sentences = call.args[1:] if called_name(call) == "day_option" else call.args
        is_pair = called_name(call) in PAIR_FUNCTIONS and len(sentences) == 2
        if is_pair and not isinstance(sentences[0], ast.Name):
            assert ast.dump(sentences[0]) != ast.dump(sentences[1]), f"{module.name}:{call.lineno}"


def test_an_error_is_in_the_chosen_language() -> None:
    url = "postgresql://petugas:rahasia@host/kota"
    results = {
        language: command("database", "backup", "--database", url, "x", MIKROZONASI_LANG=language)
        for language in ("id", "en")
    }
    assert {result.returncode for result in results.values()} == {1}
    assert all("[password-in-command]" in result.stderr for result in results.values())
    assert "pengguna lain di mesin ini" in results["id"].stderr
    assert "other users of this machine" in results["en"].stderr


def test_the_locale_chooses_the_language_without_the_variable() -> None:
    assert "Daftar aturan" in command("zones", "--help", LANG="id_ID.UTF-8").stdout
    assert "List the rules" in command("zones", "--help", LANG="C.UTF-8").stdout
    with_variable = command("zones", "--help", LANG="id_ID.UTF-8", MIKROZONASI_LANG="en")
    assert "List the rules" in with_variable.stdout


def test_json_is_the_same_in_both_languages() -> None:
    answers = [
        command("zones", "rules", "--json", MIKROZONASI_LANG=language) for language in ("id", "en")
    ]
    assert answers[0].stdout == answers[1].stdout
    assert json.loads(answers[0].stdout)["rules"]


def test_an_unknown_language_is_one_sentence() -> None:
    result = command("zones", "rules", MIKROZONASI_LANG="jawa")
    assert result.returncode == 1
    [sentence] = result.stderr.splitlines()
    assert "'jawa'" in sentence
    assert sentence.endswith("[unknown-language]")
    assert "[password" not in command("--help", MIKROZONASI_LANG="jawa").stderr


WRONG: Final = (
    ("zones", "rles"),
    ("zones", "xyzzyx"),
    ("zones", "rules", "folder", "extra"),
    ("zones", "rules", "--json=1"),
    ("zones", "export", "--output", "x", "--format", "gpkx"),
    ("zones", "export"),
    ("serve", "--port", "abc"),
    ("serve", "--port", "0"),
    ("serve", "--port", "70000"),
    ("serve", "--port"),
    ("serve", "--prt", "1"),
    ("serve", "--xyzzyx"),
    ("boundaries", "load", "x", "--max-change", "viel"),
    ("locate", "--output", "x"),
    ("records", "load", "csaes", "x"),
    ("records", "arrivals"),
)


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_every_usage_error_has_an_indonesian_sentence(words: tuple[str, ...]) -> None:
    error = _usage_error(list(words))
    english = error.format_message()
    indonesian = translate_usage_error(english)
    assert indonesian != english
    assert not set(indonesian.lower().split()) & {"missing", "no", "input", "should", "is", "not"}
    quoted = [word for word in english.split("'")[1::2] if word.startswith("--")]
    assert all(word in indonesian for word in quoted)


def _usage_error(words: list[str]) -> Any:
    """The usage error of typer for a command."""
    group: Any = typer.main.get_command(main)
    with pytest.raises(typer.TyperException) as raised:
        group.main(words, standalone_mode=False)
    return raised.value


def test_a_lazy_command_has_the_name_and_help_of_its_command() -> None:
    group: Any = typer.main.get_command(main)
    for inner in group.commands.values():
        for lazy in getattr(inner, "commands", {"": inner}).values():
            assert loaded_command(lazy).name == lazy.name
            assert loaded_command(lazy).help == lazy.help


HEAVY: Final = (
    *("adbc_driver_manager", "duckdb", "fastapi", "folium", "geopandas", "numba", "pandas"),
    *("pyarrow", "pyogrio", "pyproj", "rapidfuzz", "scipy", "shapely", "sqlalchemy", "uvicorn"),
)
GROUPS: Final = ("addresses", "boundaries", "database", "newcomers", "records", "zones")


@pytest.mark.parametrize(
    "words",
    [("--help",), (), *((group, "--help") for group in GROUPS), ("zones", "rules")],
    ids=" ".join,
)
def test_a_list_of_commands_and_the_rules_import_no_heavy_library(words: tuple[str, ...]) -> None:
    heavy = {*HEAVY, "numpy"} if words == ("--help",) else set(HEAVY)
    script = (
        "import sys\n"
        "from api.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print('HEAVY', *({heavy!r} & sys.modules.keys()), file=sys.stderr)\n"
    )
    result = run("-c", script, *words)
    assert "Usage" in result.stdout + result.stderr or "inmendagri" in result.stdout
    assert result.stderr.splitlines()[-1].split() == ["HEAVY"]


def test_the_check_of_imports_sees_heavy_libraries() -> None:
    script = "import sys, api.cli.serve; print(*sys.modules)"
    assert {"fastapi", "uvicorn", "duckdb", "numpy"} <= set(run("-c", script).stdout.split())


def test_a_table_has_headings_in_the_chosen_language() -> None:
    table = command("zones", "rules", MIKROZONASI_LANG="id").stdout
    assert "Aturan" in table
    assert "berlaku" in table
    assert "in force" not in table
    assert CliRunner().invoke(main, ["zones", "rules"]).stdout.count("in force") == 1


def test_a_missing_argument_names_its_choices_in_indonesian() -> None:
    result = command("records", "load", MIKROZONASI_LANG="id", COLUMNS="200")
    assert result.returncode == 2
    sentence = " ".join(result.stderr.split())
    assert "belum diisi. Pilihan:" in sentence
    assert "Choose from" not in sentence
    assert all(kind in sentence for kind in ("cases", "newcomers", "places", "indicators"))


def test_newcomer_states_of_a_title_are_in_indonesian() -> None:
    script = (
        "from datetime import date\n"
        "from api.cli.records.newcomers import _title\n"
        "print(_title(date(2021, 7, 15), {'overdue': 2, 'left': 1}).id)"
    )
    result = run("-c", script, MIKROZONASI_LANG="id")
    assert result.stdout.strip() == "Pendatang pada 2021-07-15: 2 belum dilepas, 1 sudah pergi"
