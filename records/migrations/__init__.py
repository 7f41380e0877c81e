"""How the tables came to be what they are: one numbered file each, run in order by `upgrade`."""
