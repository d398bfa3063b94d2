"""The reviewer's own pages: the seats to which the lot has called them, and the verdict of each."""
