"""Which known record a row of a file is: by its number, or by the person and the days."""
