"""The command ``serve``."""


def serve() -> None:
    """Not yet here."""
