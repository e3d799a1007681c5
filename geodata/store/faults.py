"""What may happen to any database, as errors of ours; no value of a row is in them."""

from geodata.errors import StoreError


def conflict() -> StoreError:
    """A key that is there already, or a value that is missing."""
    return StoreError(
        "conflict",
        "The database holds a row with that key already, or a value that must be there is "
        "missing. Nothing was written.",
    )


def failed() -> StoreError:
    """The database itself is in trouble."""
    return StoreError(
        "database-failed",
        "The database could not do it; nothing was written. Is the disk full, or its memory? "
        "The log says more.",
    )


def lost() -> StoreError:
    """The connection broke."""
    return StoreError(
        "database-lost",
        "The connection to the database was lost. Do it again when the server is back: what was "
        "kept before is not kept twice.",
    )


def in_the_way() -> StoreError:
    """Another program holds what is needed."""
    return StoreError(
        "database-busy",
        "Another program holds the database's tables. Nothing was written; try again.",
    )
