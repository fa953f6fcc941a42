-- ---------------------------------------------------------------------------------------------
-- 1. Roles. None of them can log in except the gateway's own.
--    lb_view          owns the views and reads the base tables for them
--    lb_definer       owns lb.open_session and lb.close_session; may create roles
--    lb_level_...     one per level: the rights that a session gets
--    lb_app           keeps, for the application, what PUBLIC loses in section 6
--    lb_catalog       keeps what PUBLIC loses of the system catalogs
--    ${gateway}       the gateway's login: may call lb.open_session and lb.close_session
-- ---------------------------------------------------------------------------------------------
do $$
declare
  wanted text;
begin
  foreach wanted in array array['lb_view', 'lb_definer', 'lb_app', 'lb_catalog',
                                'lb_level_metadata', 'lb_level_masked', 'lb_level_read', 'lb_level_write'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I', wanted);
    end if;
    execute format('alter role %I with nologin inherit nosuperuser nocreatedb nocreaterole'
                   ' noreplication nobypassrls', wanted);
  end loop;
  if not exists (select from pg_roles where rolname = ${gateway_text}) then
    execute format('create role %I with login', ${gateway_text});
    raise notice 'made the login role %, set its password before the gateway starts', ${gateway_text};
  end if;
end $$;
alter role lb_definer with createrole;
grant lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write to lb_definer ${admin_only};
grant lb_catalog to lb_app, lb_definer, ${gateway};
