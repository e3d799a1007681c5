"""The past of the sample city: versions of records with past moments."""
