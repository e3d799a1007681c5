"""The documentation site: no warnings, no broken links, and nothing from another site."""

import html
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer.main

from api.app import create_app
from api.cli.main import main
from api.http.access import PUBLIC_ROUTES
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
    """A built page: its anchors, its links, and the files that it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id":
                self.anchors.add(value)
            if (tag, name) == ("a", "href"):
                self.links.append(value)
            if (tag, name) in LOADING:
                self.loaded.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it."""
    return built_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path.relative_to(site): Page(path) for path in site.rglob("*.html")}


def link_targets(path: Path, page: Page) -> Iterator[tuple[Path, str]]:
    """File and anchor of each link and of each loaded file of a page."""
    for link in [*page.links, *page.loaded]:
        parts = urlsplit(link)
        if not parts.scheme and not parts.netloc:
            file = (path.parent / unquote(parts.path)) if parts.path else path
            yield Path(*_without_parents(file)), unquote(parts.fragment)


def _without_parents(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return parts


def test_every_link_within_the_site_has_an_existing_file_and_anchor(
    site: Path, pages: dict[Path, Page]
) -> None:
    checked = 0
    for path, page in pages.items():
        for file, anchor in link_targets(path, page):
            assert (site / file).is_file(), f"{path} links to {file}"
            if anchor and file in pages:
                assert anchor in pages[file].anchors, f"{path} links to {file}#{anchor}"
            checked += 1
    assert checked > 1000


def test_the_site_loads_nothing_from_another_site(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for address in page.loaded:
            assert not urlsplit(address).netloc, f"{path} loads {address}"
    for style in site.rglob("*.css"):
        text = style.read_text()
        assert "@import" not in text, style
        assert "url(http" not in text.replace("'", "").replace('"', ""), style
        assert "url(//" not in text.replace("'", "").replace('"', ""), style


def test_every_command_has_a_section(pages: dict[Path, Page]) -> None:
    reference = pages[Path("reference/commands.html")].anchors
    command = typer.main.get_command(main)
    for name, group in command.commands.items():  # type: ignore[attr-defined]
        assert f"mikrozonasi-{name}" in reference
        for command_name in getattr(group, "commands", {}):
            assert f"mikrozonasi-{name}-{command_name}" in reference


def test_every_http_path_has_a_section_that_names_its_users(pages: dict[Path, Page]) -> None:
    text = html.unescape(pages[Path("reference/http.html")].text)
    for path, operations in create_app(Settings()).openapi()["paths"].items():
        for method in operations:
            name = f"{method.upper()} {path}"
            section = text.partition(f"<h2>{name}<")[2].partition("<h2>")[0]
            assert section, name
            users = "everyone" if name in PUBLIC_ROUTES else "officials"
            assert f"(for {users}" in section, name


def test_every_method_of_a_city_has_an_anchor(pages: dict[Path, Page]) -> None:
    anchors = pages[Path("reference/python.html")].anchors
    methods = [name for name in vars(City) if not name.startswith("_")]
    assert len(methods) > 10
    for name in methods:
        assert f"zoning.City.{name}" in anchors


def test_every_page_names_its_language(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        language = "id" if "id" in path.parts else "en"
        assert f'lang="{language}"' in page.text[:200], path
