-- Sections 4 and 5 by windows, in place of the histories, lives and tales of the query that `serveup sql` writes.
-- A window cannot say what an open verdict leaves behind, for whether that moved the level depends on the state before. Where
-- there are own words only, no market and no memory, as in the records that are compared, it says the same, and sooner.
acts AS (
  SELECT *, lowest AS verdict, delivered AND act IS NOT NULL AS done FROM weighed
),

-- the best the act had been before, and how often it had been delivered
peaks AS (
  SELECT
    *,
    coalesce(max(CASE WHEN done THEN greatest(lift, verdict) END) OVER before, 3) AS peak,
    count(CASE WHEN done THEN 1 END) OVER before AS deliveries
  FROM acts
  WINDOW before AS (PARTITION BY recipient, act ORDER BY happened_at, seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),

settings AS (
  SELECT
    *,
    CASE
      WHEN NOT done THEN NULL
      WHEN verdict >= 3 THEN verdict
      WHEN verdict IS NULL AND lift > peak THEN lift
    END AS anew
  FROM peaks
),

-- where held was last set, as deliveries before it * 10 + rank: deliveries only grow, so the greatest is the latest
held AS (
  SELECT
    *,
    coalesce(max(deliveries * 10 + anew) OVER so_far, 3) AS setting
  FROM settings
  WINDOW so_far AS (PARTITION BY recipient, act ORDER BY happened_at, seq ROWS UNBOUNDED PRECEDING)
),

states AS (
  SELECT
    *,
    setting % 10 AS held,
    deliveries + CASE WHEN done THEN 1 ELSE 0 END - setting // 10 AS since_held,
    CASE WHEN done THEN greatest(peak, lift, verdict) ELSE peak END AS peak_after,
    (done OR deliveries > 0) AS ever_delivered
  FROM held
),

slides AS (
  SELECT
    *,
    CASE WHEN ever_delivered AND peak_after >= 5 THEN greatest(2, held - since_held) END AS own_after
  FROM states
),

standings AS (
  SELECT
    *,
    lag(own_after) OVER moments_of_act AS own,
    lag(held, 1, 3) OVER moments_of_act AS held_before,
    lag(since_held, 1, 0) OVER moments_of_act AS since_before
  FROM slides
  WINDOW moments_of_act AS (PARTITION BY recipient, act ORDER BY happened_at, seq)
),

decided AS (
  SELECT
    *,
    CASE
      WHEN lapsed THEN greatest(1, least(evidence, coalesce(own, CASE WHEN deliveries > 0 THEN 3 END) - 1))
      WHEN own IS NOT NULL AND lift <= peak THEN least(own, CASE WHEN preference_missed THEN evidence END)
      ELSE evidence
    END AS assessed,
    own AS standing,
    own_after AS next
  FROM standings
),

ruled AS (
  SELECT
    *,
    CASE
      WHEN lapsed THEN CASE WHEN assessed < evidence THEN 'lapse' ELSE 'facts' END
      WHEN own IS NOT NULL AND lift <= peak AND NOT (preference_missed AND evidence < own) THEN 'repeat'
      ELSE 'facts'
    END AS rule
  FROM decided
),

rated AS (
  SELECT
    *,
    coalesce(verdict, assessed) AS level,
    CASE
      WHEN verdict IS NOT NULL THEN 'verdict'
      WHEN NOT remarked AND standing IS NULL THEN 'unremarked'
      ELSE rule
    END AS reason,
    coalesce(verdict <= 2, evidence <= 2 OR rule = 'lapse') AS failure
  FROM ruled
)
