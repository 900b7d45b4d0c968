"""Every write of the schedule room: booking, changing, what became of a session, a register."""
