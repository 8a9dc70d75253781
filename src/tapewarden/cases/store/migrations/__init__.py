"""Every shape that the tables of the store ever had, as steps from one to the next."""
