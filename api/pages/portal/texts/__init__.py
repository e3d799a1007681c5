"""The texts of the pages of the portal, one table for each page."""
