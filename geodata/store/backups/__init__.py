"""Backups: a database written to one file, and restored from it."""
