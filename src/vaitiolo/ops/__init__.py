"""The operator's door: demo, thief, doctor, backup. What touches records has an actor."""
