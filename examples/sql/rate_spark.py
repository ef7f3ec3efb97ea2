"""Rates interactions with Spark, by the query that `serveup sql` writes.

spark-submit rate_spark.py QUERY.sql INTERACTIONS RECIPIENTS RATINGS
"""

import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.functions import monotonically_increasing_id

INTERACTIONS = """
    id STRING, at TIMESTAMP, recipient STRING,
    journey STRING, transaction STRING, point STRING, action STRING,
    signals ARRAY<STRING>, value ARRAY<STRING>, served MAP<STRING, STRING>,
    tags MAP<STRING, STRING>,
    channel STRING, stage STRING, relation STRING, provider STRING, team STRING,
    verdict STRING, claimed STRING
"""
RECIPIENTS = "id STRING, since TIMESTAMP, prefers MAP<STRING, ARRAY<STRING>>, `values` ARRAY<STRING>"


def session(**settings):
    # a date is the start of its day in the zone of the session
    builder = SparkSession.builder.appName("serveup").config("spark.sql.session.timeZone", "UTC")
    return builder.config(map=settings).getOrCreate()


def load(spark, interactions, recipients=None):
    """JSON lines as the tables that the query reads; a line of another form ends the job."""
    lines = spark.read.option("mode", "FAILFAST")
    rows = lines.schema(INTERACTIONS).json(interactions)
    # the order of the lines of one file; with a column of your own that says what came first, take that
    rows.withColumn("seq", monotonically_increasing_id()).createOrReplaceTempView("interactions")
    if recipients:
        lines.schema(RECIPIENTS).json(recipients).createOrReplaceTempView("recipients")


def main():
    query, interactions, recipients, ratings = sys.argv[1:]
    spark = session()
    load(spark, interactions, recipients)
    spark.sql(Path(query).read_text()).write.mode("overwrite").parquet(ratings)


if __name__ == "__main__":
    main()
