"""Tests of the command line and of the demo: the real commands, in processes of their own."""
