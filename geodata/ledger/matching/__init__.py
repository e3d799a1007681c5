"""Match rows of a file with known records: by number, or by person and days."""
