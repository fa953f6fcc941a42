-- where this connection comes from, unless a rule of pg_hba.conf could let a session role in from there by SCRAM. The
-- method md5 means SCRAM for a role that has a SCRAM verifier
select host(inet_client_addr()), text(inet_client_addr())
 where not exists (
       select from pg_hba_file_rules
        where error is null
          and type in ('host', ?)
          and auth_method in ('scram-sha-256', 'md5')
          and (database && array['all', current_database()::text]
               or exists (select from unnest(database) d where d ~ '^/'))
          and (user_name && array['all', '+lb_level_metadata', '+lb_level_masked', '+lb_level_read', '+lb_level_write']
               or exists (select from unnest(user_name) u where u ~ '^/'))
          and case when netmask is null then true  -- all, samehost, samenet, the name of a host
                   when family(address::inet) <> family(inet_client_addr()) then false
                   else address::inet & netmask::inet = inet_client_addr() & netmask::inet
              end)
