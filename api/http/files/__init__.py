"""Uploads of officials: receiving a file and reading it in a separate process."""
