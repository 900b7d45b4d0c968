"""The operator's door: demo, thief, doctor and backup; every command that touches records has an actor."""
