"""Tests with peers that are broken, hostile or something else altogether."""
