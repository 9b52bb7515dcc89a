"""Who owes what by when, on the working calendar; the papers that fulfil it."""
