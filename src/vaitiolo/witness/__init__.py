"""The stand-alone door that runs at somebody else's: it co-signs checkpoints, and knows nobody."""
