"""Tests of what carries bytes between nodes."""
