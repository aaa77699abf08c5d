"""The real bot in a workspace that talks like Slack: local-slack, without the internet. See README.md."""
