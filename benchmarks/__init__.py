"""``make bench``: what pages and writes cost in CPU time, beside floors in the same run and process."""
