"""Tests of the transports: addresses, listening, connecting."""
