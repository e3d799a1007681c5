"""Map tiles over HTTP."""
