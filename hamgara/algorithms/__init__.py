"""Pure rules of the city: no database, no clock, no chance, no input or output; each returns its working."""
