"""The computation-graph player: its drawing and its steps."""
