"""Faces: HTTP, pages and the command line. The top floor."""
