"""One small tree of errors: a stable code for machines, a sentence for people.

The sentence says what came, what was wanted and what to do. It may be shown to anyone, so it
never holds a record's value: no NIK, no name, no address.
"""


class MikrozonasiError(Exception):
    """Anything this project says no to.

    Parameters
    ----------
    code
        Stable, kebab-case; part of the public contract.
    message
        One or two sentences in English for the person who can mend it.
    indonesian
        The same sentences in Indonesian.
    """

    def __init__(self, code: str, message: str, *, indonesian: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.indonesian = indonesian


class InputError(MikrozonasiError):
    """What was given cannot be used as it is."""


class BoundaryError(InputError):
    """A file of polygons cannot be used as it is."""


class RecordError(InputError):
    """A file of records cannot be used as it is."""


class TooLargeError(InputError):
    """More came than is taken at once."""


class UnsupportedError(InputError):
    """What came is of no kind that is read here."""


class AccessError(MikrozonasiError):
    """What was asked for is not for everyone, and is closed here."""


class TokenError(AccessError):
    """Who asks has not shown that they may."""


class NotFoundError(MikrozonasiError):
    """What was asked for does not exist: a code, a day without a run, a file."""


class StoreError(MikrozonasiError):
    """The database cannot be used: held by another process, of another version, unreadable."""


class NotReadyError(StoreError):
    """What was asked for is being made: it will be there in some seconds."""

    retry_after = 5
    """Seconds."""


class BusyError(StoreError):
    """As many are at it as there is room for; the same may be asked again soon."""

    retry_after = 30
    """Seconds."""
