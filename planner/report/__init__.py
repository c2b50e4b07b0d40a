"""What is told of a plan: tables computed once for screens, charts and Excel alike, and the plan workbook."""
