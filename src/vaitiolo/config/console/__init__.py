"""Programs for the console that ask the running warden and hold nothing themselves."""
