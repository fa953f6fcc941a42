do $$
declare
  old text;
begin
  for old in select nspname from pg_namespace where nspname ~ '${fence}' and nspname <> 'lb' loop
    execute format('drop schema %I cascade', old);
  end loop;
end $$;
