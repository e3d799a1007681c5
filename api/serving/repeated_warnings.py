"""A log filter that writes the same warning once a minute, so that clients cannot fill a log."""

import logging
from time import monotonic
from typing import Final

_INTERVAL_SECONDS: Final = 60.0
_MAX_MESSAGES: Final = 100
"""Number of different messages in memory."""


class RepeatedWarningFilter(logging.Filter):
    """Passes a warning once a minute, with the number of repeats; always passes errors."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: dict[str, tuple[float, int]] = {}
        """Moment of the last line of each message, and the repeats since that moment."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the log has the record."""
        if record.levelno > logging.WARNING or record.exc_info:
            return True
        now, text = monotonic(), str(record.msg)
        last, repeats = self._messages.get(text, (-_INTERVAL_SECONDS, 0))
        if now - last < _INTERVAL_SECONDS:
            self._messages[text] = last, repeats + 1
            return False
        if len(self._messages) >= _MAX_MESSAGES:
            self._messages.clear()
        self._messages[text] = now, 0
        if repeats:
            record.msg = f"{record.msg} (repeated {repeats} times since the last line)"
        return True
