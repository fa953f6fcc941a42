-- Of each function of pg_catalog that takes something in which a text can stand: its signature, and a call that gives the
-- text in quotes below for each such argument, and something harmless for the others.
select format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)) as signature,
       format('select pg_catalog.%I(%s)%s', p.proname, string_agg(
           case when a.type::regtype::text in ('text', 'character varying', 'character', 'name', 'cstring', 'refcursor')
                  then format('${text}::%s', a.type::regtype)
                when a.type::regtype::text in ('"any"', 'anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray')
                  then '${text}::text'
                when a.type::regtype::text in ('text[]', 'name[]', 'anyarray', 'anycompatiblearray') then 'array[${text}::text]'
                when a.type::regtype::text in ('json', 'jsonb') then format('to_json(${text}::text)::%s', a.type::regtype)
                when a.type::regtype::text = 'xml' then 'xmlcomment(${text})'
                when a.type::regtype::text = 'bytea' then 'convert_to(${text}, ''utf8'')'
                when a.type::regtype::text = 'boolean' then 'true'
                when a.type::regtype::text in ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision')
                  then format('1::%s', a.type::regtype)
                when a.type::regtype::text in ('tsquery', 'tsvector') then format('''a''::%s', a.type::regtype)
                when a.type::regtype::text = 'jsonpath' then '''$''::jsonpath'
                when a.type::regtype::text in ('oid', 'regclass') then '1259::' || a.type::regtype
                when a.type::regtype::text = 'regconfig' then '''simple''::regconfig'
                else format('null::%s', a.type::regtype)
           end, ', ' order by a.at),
         case p.prokind when 'w' then ' over ()' else '' end) as call
  from pg_proc p
 cross join lateral unnest(p.proargtypes) with ordinality a (type, at)
 where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind <> 'p'
 group by p.oid, p.proname, p.proargtypes, p.prokind
having bool_or(a.type = any (array['text', 'varchar', 'bpchar', 'name', 'cstring', 'refcursor', '"any"', 'anyelement',
                                   'anynonarray', 'anycompatible', 'anycompatiblenonarray', 'text[]', 'name[]', 'anyarray',
                                   'anycompatiblearray', 'json', 'jsonb', 'xml', 'bytea']::regtype[]))
 order by 1
