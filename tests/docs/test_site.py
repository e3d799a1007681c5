"""The documentation site: built without a warning, whole, and without anything of another site."""

import html
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer.main

from api.app import create_app
from api.cli.main import main
from api.http.access import LISTED
from api.settings import Settings
from tests.docs.building import built_site
from zoning import City

LOADING = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("form", "action"),
}
"""Elements by which a page loads something or sends something."""


class Page(HTMLParser):
    """What a built page names: places to link to, links, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id":
                self.places.add(value)
            if (tag, name) == ("a", "href"):
                self.links.append(value)
            if (tag, name) in LOADING:
                self.loaded.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it; a warning fails."""
    return built_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path.relative_to(site): Page(path) for path in site.rglob("*.html")}


def targets(path: Path, page: Page) -> Iterator[tuple[Path, str]]:
    """Files and places within them that the links and loaded files of a page name."""
    for link in [*page.links, *page.loaded]:
        parts = urlsplit(link)
        if not parts.scheme and not parts.netloc:
            file = (path.parent / unquote(parts.path)) if parts.path else path
            yield Path(*_without_dots(file)), unquote(parts.fragment)


def _without_dots(path: Path) -> list[str]:
    kept: list[str] = []
    for part in path.parts:
        if part == "..":
            kept.pop()
        else:
            kept.append(part)
    return kept


def test_every_link_within_the_site_names_a_file_and_a_place_that_are_there(
    site: Path, pages: dict[Path, Page]
) -> None:
    checked = 0
    for path, page in pages.items():
        for file, place in targets(path, page):
            assert (site / file).is_file(), f"{path} links to {file}"
            if place and file in pages:
                assert place in pages[file].places, f"{path} links to {file}#{place}"
            checked += 1
    assert checked > 1000


def test_the_site_loads_nothing_from_another_site(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for loaded in page.loaded:
            assert not urlsplit(loaded).netloc, f"{path} loads {loaded}"
    for style in site.rglob("*.css"):
        text = style.read_text()
        assert "@import" not in text, style
        assert "url(http" not in text.replace("'", "").replace('"', ""), style
        assert "url(//" not in text.replace("'", "").replace('"', ""), style


def test_every_command_has_its_section(pages: dict[Path, Page]) -> None:
    reference = pages[Path("reference/commands.html")].places
    command = typer.main.get_command(main)
    for name, group in command.commands.items():  # type: ignore[attr-defined]
        assert f"mikrozonasi-{name}" in reference
        for inner in getattr(group, "commands", {}):
            assert f"mikrozonasi-{name}-{inner}" in reference


def test_every_path_of_http_has_its_section_and_says_who_may_ask(pages: dict[Path, Page]) -> None:
    text = html.unescape(pages[Path("reference/http.html")].text)
    for path, operations in create_app(Settings()).openapi()["paths"].items():
        for method in operations:
            name = f"{method.upper()} {path}"
            section = text.partition(f"<h2>{name}<")[2].partition("<h2>")[0]
            assert section, name
            who = "everyone" if name in LISTED else "officials"
            assert f"(for {who}" in section, name


def test_every_method_of_a_city_has_its_place(pages: dict[Path, Page]) -> None:
    places = pages[Path("reference/python.html")].places
    methods = [name for name in vars(City) if not name.startswith("_")]
    assert len(methods) > 10
    for name in methods:
        assert f"zoning.City.{name}" in places


def test_a_page_in_indonesian_says_so(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        language = "id" if "id" in path.parts else "en"
        assert f'lang="{language}"' in page.text[:200], path
