"""Tags of the charts room."""
