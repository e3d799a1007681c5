"""Atomic writes, private file modes, and errors of the operating system as our errors."""
