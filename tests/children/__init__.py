"""Objects that properties of shared objects hold."""
