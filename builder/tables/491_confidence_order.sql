-- Confidence from the highest to the lowest.
SELECT 'high' AS confidence, 0 AS place UNION ALL SELECT 'medium', 1 UNION ALL SELECT 'low', 2
