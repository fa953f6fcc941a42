do $$
declare
  guarded regclass;
begin
  for guarded in select p.polrelid from pg_policy p where p.polname ~ '^lb_view_' group by 1 order by 1 loop
    execute format('lock table %s in access exclusive mode', guarded);
  end loop;
end $$;
