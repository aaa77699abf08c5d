"""What Teams is called here, and where it calls us."""

NAME = "teams"
MESSAGES = "/api/messages"
