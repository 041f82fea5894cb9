"""Tests of the .rep language."""
