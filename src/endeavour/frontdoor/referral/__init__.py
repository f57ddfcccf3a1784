"""Referrals by a link worker or another professional, told by the headings of PRSB's social prescribing standard."""
