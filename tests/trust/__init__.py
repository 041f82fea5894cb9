"""Trust: keys, access, limits; each in real processes where that is the point."""
