"""Pictures of a market as SVG that refers to nothing outside, for print: dark on white."""
