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
