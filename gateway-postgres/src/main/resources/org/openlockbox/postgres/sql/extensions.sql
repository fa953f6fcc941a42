-- the extensions of this database, and whether one brings a foreign data wrapper or an untrusted language
select x.extname,
       exists (select from pg_depend d
                where d.refclassid = 'pg_extension'::regclass and d.refobjid = x.oid and d.deptype = 'e'
                  and d.classid = 'pg_foreign_data_wrapper'::regclass) as has_wrapper,
       exists (select from pg_depend d
                 join pg_language l on l.oid = d.objid and not l.lanpltrusted
                where d.refclassid = 'pg_extension'::regclass and d.refobjid = x.oid and d.deptype = 'e'
                  and d.classid = 'pg_language'::regclass) as has_untrusted_language
  from pg_extension x
 order by 1
