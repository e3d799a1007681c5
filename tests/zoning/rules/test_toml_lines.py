"""Lines of entries in a TOML file, counted by hand."""

import pytest

from zoning.rules.toml_lines import Path, find_line

TEXT = """\
a = 1
  indented-key = 2
[one.two] # a remark
a = 3
[[list]]
a = 4
[[list]]
a = 5
  [[list]]
a = 6
[one.two.three]
a = 7
b = ['''x
c = 8
''', '''y''', '''z
d = 9
''']
e = 10
a = 11
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("indented-key",), 2),
        (("one",), 3),
        (("one", "two"), 3),
        (("one", "two", "a"), 4),
        (("one", "other"), 3),
        (("list",), 5),
        (("list", 0), 5),
        (("list", 0, "a"), 6),
        (("list", 1), 7),
        (("list", 1, "a"), 8),
        (("list", 2), 9),
        (("list", 2, "a"), 10),
        (("list", 3), 5),
        (("one", "two", "three"), 11),
        (("one", "two", "three", "a"), 12),
        (("one", "two", "three", "a", "deeper", 4), 12),
        (("one", "two", "three", "c"), 11),
        (("one", "two", "three", "d"), 11),
        (("one", "two", "three", "e"), 18),
        (("nowhere", "a"), 1),
        ((), 1),
    ],
)
def test_an_entry_is_found_on_its_line_or_on_the_line_of_what_contains_it(
    path: Path, line: int
) -> None:
    assert find_line("\n" * 6 + TEXT, path) == (
        line + 6 if path[:1] not in ((), ("nowhere",)) else 1
    )


def test_lists_of_tables_inside_tables_have_numbers_of_their_own() -> None:
    text = "[[m.low]]\nid = 1\n[[m.high]]\nid = 2\n[[m.low]]\nid = 3\n"
    paths: list[Path] = [("m",), ("m", "high"), ("m", "low", 0, "id"), ("m", "low", 1, "id")]
    assert [find_line(text, path) for path in paths] == [1, 3, 2, 6]
    assert find_line(text, ("m", "high", 0)) == 3
