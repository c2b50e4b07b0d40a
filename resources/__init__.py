"""What partners bring, and the words for it: kinds and units, money, partners, pledges, code lists."""
