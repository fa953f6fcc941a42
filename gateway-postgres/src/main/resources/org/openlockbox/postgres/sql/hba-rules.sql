-- rules of pg_hba.conf by which a session role could log in over the network without a client certificate
with rule as (
  select row_number() over (order by line_number) as place, line_number, address, auth_method,
         coalesce(options, '{}') as options,
         database && array['all', current_database()::text] as here,
         user_name && array['all', '+lb_level_metadata', '+lb_level_masked', '+lb_level_read', '+lb_level_write']
           or exists (select from unnest(user_name) u where u ~ '^/') as theirs,
         user_name @> array['all'] or user_name @> array['+lb_level_metadata', '+lb_level_masked', '+lb_level_read',
                                                          '+lb_level_write'] as all_of_them
    from pg_hba_file_rules
   where error is null and type <> 'local'
)
select r.line_number, r.auth_method
  from rule r
 where r.here and r.theirs
   and r.auth_method not in ('reject', 'cert')
   and not exists (select from unnest(r.options) o where o like 'clientcert=%')
   and not exists (select from rule e
                    where e.place < r.place and e.here and e.all_of_them and e.address = 'all'
                      and e.auth_method = 'reject')
 order by 1
