grant select (oid, polrelid, polname, polpermissive, polcmd, polqual, polwithcheck, polroles, xmax) on pg_policy to lb_view;
grant execute on function pg_describe_object(oid, oid, integer), pg_current_snapshot(), pg_snapshot_xmax(pg_snapshot), pg_xact_status(xid8) to lb_view;
delete from lb.bounds;
insert into lb.bounds select polrelid, polqual::text, polroles from pg_policy where polname = 'lb_view_bounds';
