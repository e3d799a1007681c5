"""The layout of a file of records: which page, which headings, which rows are records."""
