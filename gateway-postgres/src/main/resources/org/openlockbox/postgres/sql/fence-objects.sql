select 'view' as kind,
       ${name n.nspname} || '.' || ${name c.relname} as name,
       encode(sha256(convert_to(concat_ws(E'\n',
         c.relkind, pg_get_userbyid(c.relowner), c.reloptions::text, c.relacl::text, c.relrowsecurity,
         case when c.relkind = 'v' then pg_get_viewdef(c.oid) end,
         (select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attacl::text,
                                      pg_get_expr(d.adbin, d.adrelid)), E'\n' order by a.attnum)
            from pg_attribute a
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           where a.attrelid = c.oid and a.attnum > 0),
         (select string_agg(pg_get_ruledef(r.oid), E'\n' order by r.rulename)
            from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'),
         (select string_agg(pg_get_triggerdef(t.oid), E'\n' order by t.tgname)
            from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)), 'UTF8')), 'hex') as digest
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname ~ '${fence}'
   and c.relkind not in ('i', 't', 'c')
union all
select 'function',
       ${name n.nspname} || '.' || ${name p.proname} || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       encode(sha256(convert_to(concat_ws(E'\n',
         pg_get_userbyid(p.proowner), p.proacl::text, pg_get_functiondef(p.oid)), 'UTF8')), 'hex')
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
 where n.nspname ~ '${fence}'
   and p.prokind <> 'a'
union all
select 'schema',
       ${name n.nspname},
       encode(sha256(convert_to(concat_ws(E'\n',
         pg_get_userbyid(n.nspowner), n.nspacl::text), 'UTF8')), 'hex')
  from pg_namespace n
 where n.nspname ~ '${fence}'
union all
select 'policy',
       ${name n.nspname} || '.' || ${name c.relname} || ' ' || ${name p.polname},
       encode(sha256(convert_to(concat_ws(E'\n',
         c.relrowsecurity, p.polpermissive, p.polcmd, (select string_agg(pg_get_userbyid(r), ',') from unnest(p.polroles) r),
         pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), 'UTF8')), 'hex')
  from pg_policy p
  join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace
 where p.polname ~ '^lb_view_'
union all
-- what the levels may read of a system catalog
select 'catalog',
       r.relation,
       encode(sha256(convert_to(string_agg(r.held, E'\n' order by r.held), 'UTF8')), 'hex')
  from (select c.relname as relation, pg_get_userbyid(a.grantee) || ' ' || a.privilege_type as held
          from pg_class c, aclexplode(c.relacl) a
         where c.relnamespace = 'pg_catalog'::regnamespace
           and pg_get_userbyid(a.grantee) ~ '^lb_(view|level_(metadata|masked|read|write))$'
        union all
        select c.relname, pg_get_userbyid(a.grantee) || ' ' || a.privilege_type || ' ' || t.attname
          from pg_attribute t
          join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
         where c.relnamespace = 'pg_catalog'::regnamespace
           and pg_get_userbyid(a.grantee) ~ '^lb_(view|level_(metadata|masked|read|write))$') r
 group by r.relation
