"""Messy extracts of five agencies, drawn from the lake's residents: what linkage is made for and judged by.

names.py     names to draw from              residents.py  each resident's true name, birth date, number and homes
addresses.py synthetic streets and postcodes faults.py     typing errors, all at once
agencies.py  whom each agency knows, and how badly          build.py  write the extracts, and the truth apart
"""
