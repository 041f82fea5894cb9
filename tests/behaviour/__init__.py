"""What sources, replicas and pending calls promise, seen by two processes."""
