"""Between platforms and the store: adapters by name, messages in, replies out, nothing lost and nothing sent twice."""
