"""The ledger: how versions of records are appended, read, corrected, withdrawn and rejected."""
