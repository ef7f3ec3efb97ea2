-- Reads interactions and recipients from Parquet, with the types that the query expects.
SET TimeZone = 'UTC';

CREATE VIEW interactions AS
SELECT
  row_number() OVER (ORDER BY filename, file_row_number) AS seq,
  CAST(id AS VARCHAR) AS id, CAST("at" AS TIMESTAMPTZ) AS "at", CAST(recipient AS VARCHAR) AS recipient,
  CAST(journey AS VARCHAR) AS journey, CAST("transaction" AS VARCHAR) AS "transaction",
  CAST(point AS VARCHAR) AS point, CAST(action AS VARCHAR) AS action,
  CAST(signals AS VARCHAR[]) AS signals, CAST("value" AS VARCHAR[]) AS "value",
  CAST(served AS MAP(VARCHAR, VARCHAR)) AS served,
  CAST(channel AS VARCHAR) AS channel, CAST(verdict AS VARCHAR) AS verdict
FROM read_parquet('interactions/*.parquet', filename = true, file_row_number = true);

CREATE VIEW recipients AS
SELECT
  CAST(id AS VARCHAR) AS id, CAST(since AS TIMESTAMPTZ) AS since,
  CAST(prefers AS MAP(VARCHAR, VARCHAR[])) AS prefers, CAST("values" AS VARCHAR[]) AS "values"
FROM read_parquet('recipients.parquet');
