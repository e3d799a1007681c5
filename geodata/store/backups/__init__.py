"""Backups: write a database to one file, and restore it."""
