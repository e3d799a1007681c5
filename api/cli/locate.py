"""The command ``locate``."""


def locate() -> None:
    """Not yet here."""
