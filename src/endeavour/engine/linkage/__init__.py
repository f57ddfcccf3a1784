"""People and households across agencies: records that speak of one person get one lasting number.

reading.py     read and check the agencies' extracts         cleaning.py  one shape for names, dates and addresses
rules.py       exact rules, for the plain cases              model.py     Splink, over comparisons.py, which says why
guard.py       what no likeness may overrule                 resolve.py   from pairs to people, never renumbering
households.py  who lives together, from dated addresses      keys.py      the same without names, from keyed codes
review.py      the doubtful pairs, and people's decisions    run.py       the whole, put in place at once
spark.py       blocks and model on Spark                     resolve_on_spark.py     from pairs to people there
"""
