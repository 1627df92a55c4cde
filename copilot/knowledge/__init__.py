"""What a shop knows beside its orders: kept per shop, found by a buyer's words, brought in and out as files."""
