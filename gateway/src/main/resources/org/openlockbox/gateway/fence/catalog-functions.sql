-- functions of lb_catalog: as those of pg_catalog to see, and the answer is null
select format('create function lb_catalog.%I(%s) returns %s language sql immutable parallel safe return null::%s;',
              p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), pg_get_function_result(p.oid)) as made,
       format('lb_catalog.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as name
  from unnest(string_to_array(?, ' ')) as n(name)
  join pg_proc p on p.proname = n.name and p.pronamespace = 'pg_catalog'::regnamespace
 where not p.proretset and p.prokind = 'f'
 order by p.proname, p.oid
