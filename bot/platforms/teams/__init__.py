"""Microsoft Teams: messages drawn as Adaptive Cards, and what comes back from them."""
