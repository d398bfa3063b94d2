"""The officers' inbox: what waits, by deadline, and what is done with one demand."""
