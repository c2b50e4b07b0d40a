"""The compact formulation: who can give what to whom, through pools, and the flows split into lines again."""
