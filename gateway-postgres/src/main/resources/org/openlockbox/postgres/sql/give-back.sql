do $$
declare
  lost record;
begin
  for lost in select kind, name, privilege, holder from lb.public_right where holder in (${holders}) loop
    begin
      execute format('grant %s on %s %s to public', lost.privilege, lost.kind, lost.name);
      execute format('revoke %s on %s %s from %I', lost.privilege, lost.kind, lost.name, lost.holder);
    exception when undefined_table or undefined_function or undefined_column or undefined_object
                or invalid_schema_name or invalid_catalog_name then
      null;  -- dropped since: there is nothing to give back
    end;
  end loop;
  delete from lb.public_right where holder in (${holders});
end $$;
