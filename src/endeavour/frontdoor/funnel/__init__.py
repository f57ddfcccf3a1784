"""Signposted, contacted, helped: what became of those who asked, by area and by group, through the gate."""
