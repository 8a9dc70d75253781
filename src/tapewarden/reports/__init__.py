"""Reports of cases for people and authorities: one case, as HTML, PDF and XML."""
