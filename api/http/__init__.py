"""What every HTTP response needs: access, caching, headers, errors, checked parameters."""
