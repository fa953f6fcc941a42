-- Suspends the OpenLockbox fence of resource "${resource}" in database ${database} for a migration of the application. Sessions end, none opens, and
-- nothing of the fence hangs on the application's tables. Read this, then apply it as a superuser:
--   psql -v ON_ERROR_STOP=1 -d ${database} -f this-file.sql
-- One transaction; applying it again changes nothing. Then migrate. `lockbox resource resume ${resource}` prints the way back.
begin;
set local search_path = pg_catalog, pg_temp;
set local lock_timeout = '10s';
do $$
begin
  if current_database() <> ${database_text} then
    raise exception 'this is for database ${database}';
  end if;
  if to_regclass('lb.suspension') is null then
    raise exception 'no fence of this version stands in ${database}: apply the output of lockbox resource plan first';
  end if;
end $$;
-- an opening that is under way ends first; one that comes later finds the suspension
lock table lb.binding in share row exclusive mode;
insert into lb.suspension (only_row, since, suspended_by, shown)
select true, clock_timestamp(), session_user, coalesce(array_agg(v.shown), '{}')
  from (${view_columns}) v (shown)
on conflict (only_row) do nothing;
do $$
begin
  if exists (select from lb.binding b where not lb.close_session(b.role)) then
    raise exception 'a session has not ended yet: run this again';
  end if;
end $$;
${lock_guarded}${drop_policies}${drop_views}
do $$ begin raise notice 'the fence for "${resource}" is suspended: nobody sees anything until it is resumed'; end $$;
commit;
