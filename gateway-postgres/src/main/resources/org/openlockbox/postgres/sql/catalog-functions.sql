-- functions of lb_catalog: as those of pg_catalog to see, and the answer is null; the ages of times are computed
select format('create function lb_catalog.%I(%s) returns %s language sql %s parallel safe return %s;',
              p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid),
              case when t.is_time and p.provolatile = 's' then 'stable' else 'immutable' end,
              case when t.is_time and p.pronargs = 1 then 'pg_catalog.age($1)'
                   when t.is_time then 'pg_catalog.age($1, $2)'
                   else 'null::' || pg_get_function_result(p.oid) end) as made,
       format('lb_catalog.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as name
  from unnest(string_to_array(?, ' ')) as n(name)
  join pg_proc p on p.proname = n.name and p.pronamespace = 'pg_catalog'::regnamespace,
       lateral (select p.proname = 'age' and p.proargtypes[0] <> 'xid'::regtype) as t(is_time)
 where not p.proretset and p.prokind = 'f'
 order by p.proname, p.oid
