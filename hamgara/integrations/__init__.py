"""One file per outside system, each with the fake that tests use."""
