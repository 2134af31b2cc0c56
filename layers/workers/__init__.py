"""Heavy answers are worked out in a few processes of their own, so that no question stops the pages of others."""
