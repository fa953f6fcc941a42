select to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since, suspended_by, unnest(shown || ''::text) as shown
  from lb.suspension
