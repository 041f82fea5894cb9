"""Enums and records of a program's own, between processes."""
