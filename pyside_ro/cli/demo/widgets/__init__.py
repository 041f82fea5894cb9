"""The widgets window of the demo. Knows QtWidgets, the town and the monitor."""
