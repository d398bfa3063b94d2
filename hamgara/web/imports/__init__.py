"""Pages on which the participation office brings in files of the city's past."""
