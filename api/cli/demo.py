"""The command ``demo``."""


def demo() -> None:
    """Not yet here."""
