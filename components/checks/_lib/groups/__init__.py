"""Who is compared: the groups of a sensitive column, and the class whose rate is told."""
