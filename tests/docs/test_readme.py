"""The texts at the project's door: both READMEs say the same, and every link leads somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from api.cli.main import main
from api.cli.terminal.lazy import whole_command

ROOT = Path(__file__).resolve().parents[2]
README, README_ID = ROOT / "README.md", ROOT / "README.id.md"
DOOR = (README, README_ID, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md")


def commands(path: Path) -> list[str]:
    """Lines of the blocks of code, without comments: these are in the language of the page."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", path.read_text(), re.M | re.S)
    return [re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines()]


def headings(path: Path) -> list[str]:
    outside = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S)
    return re.findall(r"^(#+) ", outside, re.M)


def test_both_languages_have_the_same_commands() -> None:
    assert len(commands(README)) > 30
    assert commands(README) == commands(README_ID)


def test_both_languages_have_the_same_headings_paths_and_paragraphs() -> None:
    assert headings(README) == headings(README_ID)
    texts = [path.read_text() for path in (README, README_ID)]
    paths = [re.findall(r"^\| (`.*?) \| ", text, re.M) for text in texts]
    assert paths[0] == paths[1]
    counts = [len(re.findall(r"\n\n", text)) for text in texts]
    # Indonesian says once that the pages to read on are in English.
    assert counts[1] - counts[0] == 1


def test_each_language_links_the_other() -> None:
    assert "](README.id.md)" in README.read_text()
    assert "](README.md)" in README_ID.read_text()


@pytest.mark.parametrize("path", DOOR, ids=lambda path: path.name)
def test_every_link_names_a_file_that_is_there(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
    assert links
    for link in links:
        if "://" not in link:
            assert (ROOT / link).exists(), link


def test_every_command_and_option_of_the_readme_is_one_of_the_program() -> None:
    text = "\n".join(commands(README)).replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line.startswith("mikrozonasi ")]
    assert len(lines) > 15
    for words in lines:
        command: Any = typer.main.get_command(main)
        for word in words[1:3]:
            command = getattr(command, "commands", {}).get(word, command)
        # `addresses FILE` is a group that reads a file where no command of its own is named.
        these = [command, *getattr(command, "commands", {}).values()]
        options = [option for one in these for option in whole_command(one).params]
        known = {name for option in options for name in option.opts}
        assert command.name in words[1:3], words
        assert {word for word in words if word.startswith("--")} <= known, words


def test_forms_for_both_hosts_ask_the_same() -> None:
    pairs = {
        ".github/pull_request_template.md": ".gitlab/merge_request_templates/Default.md",
        ".github/ISSUE_TEMPLATE/fault.md": ".gitlab/issue_templates/Fault.md",
        ".github/ISSUE_TEMPLATE/wish.md": ".gitlab/issue_templates/Wish.md",
    }
    for github, gitlab in pairs.items():
        text = re.sub(r"\A---\n.*?---\n", "", (ROOT / github).read_text(), flags=re.S)
        assert text == (ROOT / gitlab).read_text(), github


def test_the_hosted_ci_calls_the_project_s_script_on_every_supported_python() -> None:
    found = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]
    assert [step["run"] for step in found["steps"] if "run" in step] == ["bash .ci/run"]
    written = re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text())
    assert found["strategy"]["matrix"]["python"] == written


def test_hooks_before_a_commit_download_nothing() -> None:
    found = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [source["repo"] for source in found["repos"]] == ["local"]
    for hook in found["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
