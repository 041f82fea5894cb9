"""Tests of networks: several hosts, registries and clients, each a process of its own."""
