"""Reminders: what somebody promised to do and has not done yet, worked out from the records and sent by e-mail."""
