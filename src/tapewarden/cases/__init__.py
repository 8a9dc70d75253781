"""The human side: an audit trail, the workflow of cases, triage of signals into cases, and their store."""
