"""Texts of the portal: a page changes no text of the shell, and every text is used."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import api.pages.portal.texts as package
from api.pages.portal.texts.shell import TEXTS as SHELL

PAGES = Path(package.__path__[0]).parents[1]
TABLES = {
    f"{module.name.rpartition('.')[2]}.{name}": table
    for module in walk_packages(package.__path__, f"{package.__name__}.")
    for name, table in vars(import_module(module.name)).items()
    if name.isupper() and isinstance(table, dict)
}


def test_no_page_has_another_text_under_a_name_of_the_shell() -> None:
    others = {name: table for name, table in TABLES.items() if table is not SHELL}
    assert len(others) > 10
    assert {name: set(table) & set(SHELL) for name, table in others.items()} == {
        name: set() for name in others
    }


def test_every_text_is_used_by_a_page() -> None:
    files = [*PAGES.rglob("*.html"), *PAGES.rglob("*.js"), *PAGES.rglob("*.py")]
    sources = [path.read_text() for path in files if path.parent.name not in {"texts", "help"}]
    sources += [path.read_text() for path in PAGES.rglob("portal/help/*.py")]
    words = set(re.findall(r"[a-z][a-z_0-9]+", "\n".join(sources)))
    keys = {key for name, table in TABLES.items() if name.endswith("TEXTS") for key in table}
    assert len(keys) > 100
    assert sorted(keys - words) == []
