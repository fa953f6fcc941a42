do $$
declare
  old record;
begin
  for old in
    select p.polrelid::regclass as relation,
           string_agg(format('drop policy %I on %s', p.polname, p.polrelid::regclass), ';')
             filter (where p.polname ~ '^lb_view_') as removal,
           bool_and(p.polname ~ '^lb_view_' and p.polname <> 'lb_view_reaches') as switched_on
      from pg_policy p
     group by p.polrelid
    having bool_or(p.polname ~ '^lb_view_')
  loop
    execute old.removal;
    if old.switched_on then
      execute format('alter table %s disable row level security', old.relation);
    end if;
  end loop;
end $$;
-- which the policies ask
do $$
declare
  keys regprocedure;
begin
  for keys in select p.oid from pg_proc p where p.pronamespace = to_regnamespace('lb') and p.proname ~ '^keys_[0-9]+$' loop
    execute format('drop function %s', keys);
  end loop;
end $$;
