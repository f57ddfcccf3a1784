"""Time phstatsmethods on given tables; run by `bench/indicator_statistics.py` inside phstatsmethods's own environment.

Arguments: METHOD FILE.csv GROUPS. Prints the CPU-seconds of one call. phstatsmethods is under the GPL, so it is never
imported by the platform nor by its benchmark's own process.
"""

import sys
import time
import warnings

import pandas as pd
import PHStatsMethods

warnings.filterwarnings("ignore")
LEVELS = [0.95, 0.998]
CALLS = {
    "proportion": lambda d: PHStatsMethods.ph_proportion(d, "x", "n", group_cols=["g"], confidence=LEVELS),
    "rate": lambda d: PHStatsMethods.ph_rate(d, "x", "n", group_cols=["g"], confidence=LEVELS),
    "mean": lambda d: PHStatsMethods.ph_mean(d, "v", group_cols=["g"], confidence=LEVELS),
    "dsr": lambda d: PHStatsMethods.ph_dsr(
        d, "x", "n", "w", group_cols=["g"], confidence=LEVELS, euro_standard_pops=False
    ),
    "isr-rate": lambda d: PHStatsMethods.ph_ISRate(
        d, "x", "n", "rx", "rn", group_cols=["g"], confidence=LEVELS
    ),
    "isr-ratio": lambda d: PHStatsMethods.ph_ISRatio(
        d, "x", "n", "rx", "rn", group_cols=["g"], confidence=LEVELS
    ),
    "quantile": lambda d: PHStatsMethods.ph_quantile(d, "v", group_cols=["g"], nquantiles=10),
}

table = pd.read_csv(sys.argv[2])
start = time.process_time()
CALLS[sys.argv[1]](table)
print(time.process_time() - start)
