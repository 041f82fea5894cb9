"""Models: shared, mirrored, stormed, looked at."""
