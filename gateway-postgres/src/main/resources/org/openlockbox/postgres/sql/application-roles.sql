select rolname
  from pg_roles
 where not rolsuper
   and rolname !~ '^(pg_|lb_)'
   and rolname <> ?
 order by rolname
