"""The page of one promise: was it kept, how much of it, when, where, how we know, and what is not known."""
