-- Loads interactions and recipients into the tables that the query reads.
-- A date is the start of its day in the zone of the session.
SET TimeZone = 'UTC';

CREATE TABLE interactions AS
SELECT row_number() OVER () AS seq, *
FROM read_json('interactions.jsonl', format = 'newline_delimited', columns = {
  id: 'VARCHAR', "at": 'TIMESTAMPTZ', recipient: 'VARCHAR',
  journey: 'VARCHAR', "transaction": 'VARCHAR', point: 'VARCHAR', action: 'VARCHAR',
  signals: 'VARCHAR[]', "value": 'VARCHAR[]', served: 'MAP(VARCHAR, VARCHAR)',
  tags: 'MAP(VARCHAR, VARCHAR)',
  channel: 'VARCHAR', stage: 'VARCHAR', relation: 'VARCHAR', provider: 'VARCHAR', team: 'VARCHAR',
  verdict: 'VARCHAR', claimed: 'VARCHAR'
});

CREATE TABLE recipients AS
SELECT *
FROM read_json('recipients.jsonl', format = 'newline_delimited', columns = {
  id: 'VARCHAR', since: 'TIMESTAMPTZ', prefers: 'MAP(VARCHAR, VARCHAR[])', "values": 'VARCHAR[]'
});
