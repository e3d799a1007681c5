"""The portal: pages for residents, made from public values."""
