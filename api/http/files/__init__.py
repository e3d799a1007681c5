"""Files over HTTP: uploads of officials, read in a separate process; the documentation site."""
