"""The outbox page: messages that no gateway takes."""
