"""docs/errors.md has every error code, and no other code."""

import re
from pathlib import Path
from typing import Final

import pytest

from api.cli.error_catalogue import CATALOGUE, ROOT, catalogue, entries, row_codes
from api.http.errors import GENERAL

WRITTEN: Final = CATALOGUE.read_text(encoding="utf-8")
CODES: Final = frozenset(re.findall(r"^### `(.+?)`", WRITTEN, re.MULTILINE))
SOURCES: Final = {
    path: path.read_text(encoding="utf-8")
    for package in ("geodata", "zoning", "api")
    for path in sorted((ROOT / package).rglob("*.py"))
}
RAISED: Final = re.compile(r'(?:Error|_Refusal)\(\s*(?:HTTPStatus\.\w+,\s*)?f?"([a-z0-9{}-]+)"\s*,')
ASSERTED: Final = re.compile(r'\.code == "([a-z0-9-]+)"')


def test_the_file_is_what_the_generator_writes() -> None:
    assert catalogue() == WRITTEN, "run: python -m api.cli.error_catalogue"


def test_every_code_in_the_source_code_is_in_the_file() -> None:
    raised = {code for text in SOURCES.values() for code in RAISED.findall(text)}
    assert len(raised) > 150
    composed = {code for code in raised if "{" in code}
    assert composed == {"invalid-{of}", "no-kota-{field}"}
    assert raised - composed <= CODES


def test_every_code_that_a_test_expects_is_in_the_file() -> None:
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    expected = {code for text in tests for code in ASSERTED.findall(text)}
    assert len(expected) > 50
    assert expected - CODES <= {"planted"}


def test_every_code_of_the_file_is_in_the_source_code() -> None:
    source_code = "\n".join(SOURCES.values())
    composed = {"invalid-days", "no-kota-code", "no-kota-name"}
    assert {code for code in CODES if f'"{code}"' not in source_code} <= composed


def test_general_errors_and_codes_of_rows_are_in_the_file() -> None:
    assert {code for _, code, _ in GENERAL} <= CODES
    for name in ("REASONS", "WARNINGS"):
        assert len(row_codes(name)) > 20
        assert row_codes(name).keys() <= CODES


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        ('raise InputError("planted", f"One {1}.", indonesian=f"Satu {1}.")', 422),
        ('raise errors.NotFoundError("planted", f"One {1}.", indonesian=f"Satu {1}.")', 404),
        ('x = StoreError(\n    "planted", f"One {1}.", indonesian=f"Satu {1}.")', 503),
    ],
)
def test_a_new_error_is_found_with_its_status_and_both_sentences(
    tmp_path: Path, raised: str, status: int
) -> None:
    (tmp_path / "geodata").mkdir()
    (tmp_path / "geodata" / "planted.py").write_text(raised)
    [entry] = [entry for entry in entries(tmp_path) if entry.code == "planted"]
    assert entry.status == status
    assert entry.sentence == ("Satu ….", "One ….")


def test_a_code_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "planted.py").write_text('raise InputError(f"no-{thing}", "None.")')
    with pytest.raises(KeyError, match="no-"):
        entries(tmp_path)
