"""Why a plan is as it is: its gaps, activities and lines, and what is left over."""
