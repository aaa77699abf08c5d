"""What every platform promises the bot: the same stories, told on each of them."""
