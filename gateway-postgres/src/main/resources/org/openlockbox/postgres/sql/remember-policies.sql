grant select (oid, polrelid, polname, polpermissive, polcmd, polqual, polwithcheck, polroles) on pg_policy to lb_view;
grant execute on function pg_describe_object(oid, oid, integer) to lb_view;
delete from lb.bounds;
insert into lb.bounds select polrelid, polqual::text, polroles from pg_policy where polname = 'lb_view_bounds';
