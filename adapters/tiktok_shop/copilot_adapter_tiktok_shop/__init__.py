"""TikTok Shop: the platform's chat and orders in the copilot's vocabulary."""
