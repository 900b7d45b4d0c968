"""What an incident obliges to: how severe it is, whom it is told to, and what has to wait."""
