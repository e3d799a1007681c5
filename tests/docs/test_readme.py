"""README, CONTRIBUTING and SECURITY: both languages agree, and every link has a target."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from api.cli.main import main
from api.cli.terminal.lazy import loaded_command

ROOT = Path(__file__).resolve().parents[2]
README, README_ID = ROOT / "README.md", ROOT / "README.id.md"
PAGES = (README, README_ID, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md")


def commands(path: Path) -> list[str]:
    """Lines of the blocks of code, without comments, which are in the language of the page."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", path.read_text(), re.M | re.S)
    return [re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines()]


def command_lines(path: Path) -> list[str]:
    """Commands of `mikrozonasi` in blocks of code and in sentences."""
    text = "\n".join(commands(path)).replace("\\\n", " ")
    in_blocks = re.findall(r"^mikrozonasi .*$", text, re.M)
    in_sentences = re.findall(r"`(mikrozonasi [a-z][^`\n]*)`", path.read_text())
    return in_blocks + in_sentences


def headings(path: Path) -> list[str]:
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S)
    return re.findall(r"^(#+) ", text, re.M)


def test_both_languages_have_the_same_commands() -> None:
    assert len(commands(README)) > 30
    assert commands(README) == commands(README_ID)


def test_both_languages_have_the_same_headings_paths_and_paragraphs() -> None:
    assert headings(README) == headings(README_ID)
    texts = [path.read_text() for path in (README, README_ID)]
    paths = [re.findall(r"^\| (`.*?) \| ", text, re.M) for text in texts]
    assert paths[0] == paths[1]
    counts = [len(re.findall(r"\n\n", text)) for text in texts]
    # The Indonesian page has a line that says that the linked pages are in English.
    assert counts[1] - counts[0] == 1


def test_each_language_links_the_other() -> None:
    assert "](README.id.md)" in README.read_text()
    assert "](README.md)" in README_ID.read_text()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_names_an_existing_file(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
    assert links
    for link in links:
        if "://" not in link:
            assert (ROOT / link).exists(), link


PAGES_WITH_COMMANDS = [
    page
    for page in (README, README_ID, *sorted((ROOT / "docs").rglob("*.md")))
    if page.name != "errors.md" and command_lines(page)
]


@pytest.mark.parametrize("path", PAGES_WITH_COMMANDS, ids=lambda path: path.name)
def test_every_command_and_option_exists_in_the_program(path: Path) -> None:
    for words in (line.split() for line in command_lines(path)):
        command: Any = typer.main.get_command(main)
        for word in words[1:3]:
            command = getattr(command, "commands", {}).get(word, command)
        # `addresses FILE` is a group that reads a file, unless a command of the group is named.
        candidates = [command, *getattr(command, "commands", {}).values()]
        options = [
            option for candidate in candidates for option in loaded_command(candidate).params
        ]
        known = {name for option in options for name in option.opts}
        assert command.name in words[1:3], words
        assert {word for word in words if word.startswith("--")} <= known | {"--help"}, words


def test_forms_are_equal_on_github_and_gitlab() -> None:
    pairs = {
        ".github/pull_request_template.md": ".gitlab/merge_request_templates/Default.md",
        ".github/ISSUE_TEMPLATE/fault.md": ".gitlab/issue_templates/Fault.md",
        ".github/ISSUE_TEMPLATE/wish.md": ".gitlab/issue_templates/Wish.md",
    }
    for github, gitlab in pairs.items():
        text = re.sub(r"\A---\n.*?---\n", "", (ROOT / github).read_text(), flags=re.S)
        assert text == (ROOT / gitlab).read_text(), github


def test_the_hosted_ci_calls_the_project_script_on_every_supported_python() -> None:
    job = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    versions = re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text())
    assert job["strategy"]["matrix"]["python"] == versions


def test_commit_hooks_download_nothing() -> None:
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [source["repo"] for source in settings["repos"]] == ["local"]
    for hook in settings["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
