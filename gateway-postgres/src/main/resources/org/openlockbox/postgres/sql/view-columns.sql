select distinct ${name c.relname} || '.' || ${name a.attname}
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where n.nspname ~ '${fence}' and n.nspname !~ '^lb(_catalog|_metadata|$)'
