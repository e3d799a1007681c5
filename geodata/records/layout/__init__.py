"""Find the records in a file: pages, rows of headings, columns of fields, rows of records."""
