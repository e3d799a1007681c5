"""Typed services that routes use; made once, when the server starts."""
