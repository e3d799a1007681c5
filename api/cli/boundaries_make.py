"""The command ``boundaries make``."""


def make() -> None:
    """Not yet here."""
