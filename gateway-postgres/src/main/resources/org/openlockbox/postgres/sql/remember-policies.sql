grant select (polrelid, polname, polpermissive, polcmd, polqual, polroles) on pg_policy to lb_view;
delete from lb.bounds;
insert into lb.bounds select polrelid, polqual::text, polroles from pg_policy where polname = 'lb_view_bounds';
