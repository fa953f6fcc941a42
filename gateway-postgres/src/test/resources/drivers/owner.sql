-- At each login a session role becomes the owner of the suite's database. A superuser made this, as
-- nobody else can.
create schema suite_rights;
create function suite_rights.adopt() returns void language plpgsql security definer as $$
begin
  if not pg_has_role(session_user, 'suite_owner', 'member') then
    execute format('grant suite_owner to %I with inherit true, set true', session_user);
  end if;
end $$;
create function suite_rights.login() returns event_trigger language plpgsql as $$
begin
  if session_user ~ '^lb_s_' then
    perform suite_rights.adopt();
    perform set_config('role', 'suite_owner', false);
    perform set_config('search_path', 'public', false);
  end if;
end $$;
grant usage on schema suite_rights to public;
grant execute on all functions in schema suite_rights to public;
create event trigger suite_login on login execute function suite_rights.login();
