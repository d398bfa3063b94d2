"""The charter's page: the rules of the game as the code obeys them."""
