"""The past of the sample city: versions of records with moments that have passed."""
