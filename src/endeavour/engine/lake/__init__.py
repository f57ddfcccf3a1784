"""Person-level tables as Parquet: their schema, the build in use, and the engines that query it."""

from endeavour.engine.lake.store import Lake as Lake
