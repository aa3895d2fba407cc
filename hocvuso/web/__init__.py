"""Pages, by who is looking. Rooms below speak no HTTP and no HTML; here both are spoken."""
