"""A city's own rules for tests: the dengue example, and rules with five classes."""

from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "docs" / "rules" / "dengue"
EXAMPLE_TEXT = (EXAMPLE / "dengue-example.toml").read_text(encoding="utf-8")
FIVE_CLASSES = (
    ("one", "A", "#FFF0A0", "#B39B2E", "plain"),
    ("two", "B", "#F2AE49", "#8A5A10", "dots"),
    ("three", "C", "#D9603B", "#FFD9C9", "stripes"),
    ("four", "D", "#93265A", "#E9A9C6", "lattice"),
    ("five", "E", "#2E0F45", "#A583BF", "dots"),
)


def five_classes() -> str:
    """The example with five classes, with the thresholds 1, 2, 3 and 5 cases."""
    head = EXAMPLE_TEXT[: EXAMPLE_TEXT.index("[[classes]]")]
    head = head.replace("dengue-example", "dengue-five")
    classes = "".join(
        f'[[classes]]\nkey = "{key}"\nid = "kelas {key}"\nen = "class {key}"\n'
        f'letter = "{letter}"\nfill = "{fill}"\nmark = "{mark}"\npattern = "{pattern}"\n\n'
        for key, letter, fill, mark, pattern in FIVE_CLASSES
    )
    thresholds = "[thresholds]\ntwo = 1\nthree = 2\nfour = 3\nfive = 5\n\n"
    measures = "".join(
        f'[[measures.{key}]]\nid = "Tindakan {key}."\nen = "Measure {key}."\n\n'
        for key, *_ in FIVE_CLASSES
    )
    return head + classes + thresholds + measures


def write_rules(folder: Path, **texts: str) -> Path:
    """Write each text to a file of rules; the names are ids with underscores for hyphens."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return folder
