-- the check reads whether pg_hba.conf asks session roles for the gateway's certificate
grant select on pg_catalog.pg_hba_file_rules to ${gateway};
grant execute on function pg_catalog.pg_hba_file_rules() to ${gateway};
