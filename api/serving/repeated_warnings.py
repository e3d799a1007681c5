"""A log that clients cannot fill: the same warning is said once a minute."""

import logging
from time import monotonic
from typing import Final

_EVERY: Final = 60.0
_MOST: Final = 100
"""Different messages that are remembered."""


class Quiet(logging.Filter):
    """Lets a warning pass once a minute, and says then how often it came; errors always pass."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write a line."""
        if record.levelno > logging.WARNING or record.exc_info:
            return True
        now, text = monotonic(), str(record.msg)
        last, unsaid = self._said.get(text, (-_EVERY, 0))
        if now - last < _EVERY:
            self._said[text] = last, unsaid + 1
            return False
        if len(self._said) >= _MOST:
            self._said.clear()
        self._said[text] = now, 0
        if unsaid:
            record.msg = f"{record.msg} ({unsaid} times more since it was last said)"
        return True
