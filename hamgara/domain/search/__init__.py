"""One box over demands, organisations, commitments and answers: what is read, in which words, and how it is found."""
