-- Takes the OpenLockbox fence of resource "${resource}" away from database ${database}: close the gateway first, read
-- this, then apply it as a superuser:  psql -v ON_ERROR_STOP=1 -d ${database} -f this-file.sql
-- One transaction. No row, column or index of the application is touched; sessions that are open end.
begin;
set local search_path = pg_catalog, pg_temp;
do $$
begin
  if current_database() <> ${database_text} then
    raise exception 'this is for database ${database}';
  end if;
  if exists (select from lb.binding b where not lb.close_session(b.role)) then
    raise exception 'a session has not ended yet: run this again';
  end if;
end $$;
${lock_guarded}-- what PUBLIC could do before the fence, it can do again
${give_back}
do $$
declare
  fence text;
begin
  for fence in select nspname from pg_namespace where nspname ~ '${fence}' order by nspname desc loop
    execute format('drop schema %I cascade', fence);
  end loop;
end $$;
-- where the fence switched row-level security on, it is off again
${drop_policies}drop owned by lb_view, lb_definer, lb_app, lb_catalog,
  lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;
commit;
-- The roles serve every database of this server. When no other one has a fence:
--   drop role lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write, lb_view, lb_definer, lb_app, lb_catalog;
