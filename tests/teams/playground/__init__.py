"""The bot in Microsoft 365 Agents Playground, and what the Playground does by itself."""
