"""Records in and out: checked, kept as versions, turned away, mended, withdrawn, erased."""
