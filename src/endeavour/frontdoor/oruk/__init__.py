"""Open Referral UK 3.0: validate, import, export and serve. Field names are the standard's; the code is ours."""
