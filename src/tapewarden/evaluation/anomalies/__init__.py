"""The anomaly model on public sets with published tables: outliers in rows, and anomalies in streams."""
