"""The tests of pyside_ro; a package, so that a second process can import a test's functions."""
