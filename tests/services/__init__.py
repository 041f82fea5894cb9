"""Tests of what helps to run a network: services, discovery, persistence."""
