do $$
declare
  held text;
begin
  for held in
    select distinct c.relname
      from pg_class c
      left join pg_attribute t on t.attrelid = c.oid and t.attacl is not null,
           aclexplode(c.relacl || t.attacl) a
     where c.relnamespace = 'pg_catalog'::regnamespace
       and pg_get_userbyid(a.grantee) ~ '^lb_(view|level_(metadata|masked|read|write))$' loop
    execute format('revoke all on pg_catalog.%I from lb_view, lb_level_metadata, lb_level_masked,'
                   ' lb_level_read, lb_level_write', held);
  end loop;
end $$;
