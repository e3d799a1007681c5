"""Texts of the pages that help."""
